import type { DemoGuestChange } from '@coreshift/shared/contract'
import { Api } from './api.ts'
import type { Product } from './product.ts'
import { PASSWORD } from './sign-in.ts'

/** The demo with people to sign in as, and the door through which its guests misbehave. */
export class DemoControl {
  readonly api: Api

  private constructor(api: Api) {
    this.api = api
  }

  /** Makes the administrator `ann`, the operator `ben` and the viewer `vic`. */
  static async open(product: Product): Promise<DemoControl> {
    const secret = await product.admin(['token', 'create', '--name', 'specs', '--role', 'admin'])
    const api = new Api(product.url, secret)
    // Through the API: each call of the command line is a process of its own.
    for (const [name, role] of [
      ['ann', 'admin'],
      ['ben', 'operator'],
      ['vic', 'viewer'],
    ] as const) {
      const { status, body } = await api.request('POST', '/api/v1/users', { name, role, password: PASSWORD })
      if (status >= 300) throw new Error(`adding ${name}: ${status} ${JSON.stringify(body)}`)
    }
    return new DemoControl(api)
  }

  async uuidOf(name: string): Promise<string> {
    const vm = await this.api.vmNamed(name)
    if (!vm) throw new Error(`the demo has no VM ${name}`)
    return vm.uuid
  }

  /** Asks for a resize, which has to be taken; its end is not waited for. */
  async resize(name: string, sockets: number): Promise<void> {
    const { status, body } = await this.api.request(
      'POST',
      `/api/v1/vms/${await this.uuidOf(name)}/resizes`,
      { sockets },
    )
    if (status !== 202) throw new Error(`resizing ${name}: ${status} ${JSON.stringify(body)}`)
  }

  /** How the guest behaves from now on, or what happens in it at once. */
  async steer(name: string, change: DemoGuestChange): Promise<void> {
    const { status, body } = await this.api.request(
      'PATCH',
      `/api/v1/demo/vms/${await this.uuidOf(name)}`,
      change,
    )
    if (status !== 200) throw new Error(`steering ${name}: ${status} ${JSON.stringify(body)}`)
  }
}
