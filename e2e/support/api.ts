import type { AuditEntry, Operation, Vm, VmSummary } from '@coreshift/shared/contract'

/** An answer of the REST API with what a check looks at. */
interface Answer<T> {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  readonly body: T
}

/** The REST API with a token, as a script uses it. */
export class Api {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    }
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.request<T>('GET', path)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  async vmNamed(name: string): Promise<VmSummary | undefined> {
    const { items } = await this.get<{ items: VmSummary[] }>(
      `/api/v1/vms?q=${encodeURIComponent(name)}&limit=1000`,
    )
    return items.find((vm) => vm.name === name)
  }

  vm(uuid: string): Promise<Vm> {
    return this.get(`/api/v1/vms/${uuid}`)
  }

  /** Newest first. */
  async operations(uuid: string): Promise<Operation[]> {
    return (await this.get<{ items: Operation[] }>(`/api/v1/vms/${uuid}/resizes`)).items
  }

  /** Audit entries of one VM, oldest first. */
  async audit(uuid: string): Promise<AuditEntry[]> {
    return (await this.get<{ items: AuditEntry[] }>(`/api/v1/audit?vm=${uuid}&limit=1000`)).items.toReversed()
  }
}
