import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express'
import { Uuid, type Vm } from '@coreshift/shared/contract'
import { perLimit } from '../../access/limited-services.ts'
import type { Clock } from '../../clock.ts'
import { Failure } from '../../failure.ts'
import { actorOf, type Identity } from '../../identity/identity.ts'
import { requireRight, type Action } from '../../identity/rights.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { refuseCrossSite } from '../cross-site-guard.ts'
import type { OriginPolicy } from '../origin-policy.ts'
import { contextOf } from '../route-handler.ts'
import type { ApiServices } from '../services.ts'
import { basicCredentials } from './basic-credentials.ts'
import { toJson, toXml, type OvirtElement } from './element.ts'
import { faultOf } from './fault.ts'
import { updateVm } from './update-vm.ts'
import { OVIRT_BASE, vmElement } from './vm-element.ts'
import { vmUpdateOfJson, vmUpdateOfXml, type VmUpdate } from './vm-update.ts'

const BODY_LIMIT_BYTES = 65_536
const XML_TYPES = ['application/xml', 'text/xml']
const JSON_TYPES = ['application/json']

interface OvirtDoorOptions {
  readonly services: ApiServices
  readonly origins: OriginPolicy
  readonly clock: Clock
  readonly logger: Logger
  /** Bounds wrong passwords per address. */
  readonly limiter: RequestHandler
}

/**
 * The few addresses of oVirt's REST API with which its users resize a running VM, so that their scripts work
 * unchanged: GET and PUT of VMs, XML and JSON, HTTP Basic.
 */
export function ovirtDoor({ services, origins, clock, logger, limiter }: OvirtDoorOptions): Router {
  const { identity } = services
  const servicesFor = perLimit(services, (limited) => limited)
  const router = express.Router()
  router.use((request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    // A browser sends Basic credentials by itself, as it does a cookie.
    const { authorization: _authorization, ...headers } = request.headers
    refuseCrossSite(request.method, headers, origins)
    next()
  })
  router.use(limiter)

  async function identify(request: Request, response: Response, action: Action): Promise<Identity> {
    const { authorization } = request.headers
    const basic = basicCredentials(authorization)
    const context = contextOf(response)
    const who = basic
      ? await identity.passwordSignIn.identify(basic.name, basic.password, {
          requestId: context.requestId,
          ...(request.ip !== undefined && { address: request.ip }),
        })
      : await identity.authenticate({ authorization })
    if (!who) throw new Failure('unauthenticated', 'Send name and password of an account (HTTP Basic).')
    context.identity = who
    requireRight(who, action)
    return who
  }

  function existing({ vms }: ApiServices, id: unknown): Vm {
    const uuid = Uuid.safeParse(id)
    const vm = uuid.success ? vms.get(uuid.data) : undefined
    if (!vm) throw new Failure('not-found', `Entity not found: ${String(id)}`)
    return vm
  }

  const shown = ({ prepare }: ApiServices, vm: Vm): OvirtElement =>
    vmElement(vm, vm.persistent && prepare.forecast(vm.uuid).changes.length > 0)

  router.get('/vms', async (request, response) => {
    contextOf(response).route = `${OVIRT_BASE}/vms`
    const seen = servicesFor(await identify(request, response, 'see-vms'))
    const all = seen.vms.list().toSorted((a, b) => (a.name < b.name ? -1 : 1))
    answer(request, response, 'vms', { vm: all.map(({ uuid }) => shown(seen, existing(seen, uuid))) })
  })

  router.get('/vms/:id', async (request, response) => {
    contextOf(response).route = `${OVIRT_BASE}/vms/:id`
    const seen = servicesFor(await identify(request, response, 'see-vms'))
    answer(request, response, 'vm', shown(seen, existing(seen, request.params.id)))
  })

  const readBody = express.text({
    limit: BODY_LIMIT_BYTES,
    type: [...XML_TYPES, ...JSON_TYPES],
    inflate: false,
  })
  router.put('/vms/:id', async (request, response) => {
    const context = contextOf(response)
    context.route = `${OVIRT_BASE}/vms/:id`
    const who = await identify(request, response, 'resize-vm')
    const seen = servicesFor(who)
    const vm = existing(seen, request.params.id)
    await new Promise<void>((resolve, reject) => {
      readBody(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
    })
    const operation = await updateVm(seen, clock, {
      vm,
      update: updateOf(request),
      actor: actorOf(who, request.ip),
      requestId: context.requestId,
    })
    if (operation) response.setHeader('Coreshift-Resize', `/api/v1/resizes/${operation.id}`)
    answer(request, response, 'vm', shown(seen, existing(seen, vm.uuid)))
  })

  for (const path of ['/vms', '/vms/:id']) {
    router.all(path, (_request, response) => {
      response.setHeader('Allow', path === '/vms' ? 'GET' : 'GET, PUT')
      throw new Failure('method-not-allowed', 'Here VMs are looked at (GET) and updated (PUT).')
    })
  }
  router.use(() => {
    throw new Failure('not-found', `Of oVirt's API, ${OVIRT_BASE}/vms is served here.`)
  })
  router.use(faults(logger))
  return router
}

function updateOf(request: Request): VmUpdate {
  const body: unknown = request.body
  if (typeof body !== 'string') {
    throw new Failure('unsupported-media-type', 'Send the VM as application/xml or application/json.')
  }
  return request.is(JSON_TYPES) ? vmUpdateOfJson(body) : vmUpdateOfXml(body)
}

/** XML unless JSON is asked for, as oVirt does. */
function answer(request: Request, response: Response, name: string, element: OvirtElement): void {
  if (request.accepts(['application/xml', 'application/json']) === 'application/json') {
    response.type('application/json').send(JSON.stringify(toJson(element)))
  } else {
    response.type('application/xml').send(toXml(name, element))
  }
}

function faults(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const { requestId } = contextOf(response)
    const fault = faultOf(error, requestId)
    if (fault.status >= 500) logger.error({ requestId, err: error }, 'request failed')
    if (fault.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="RESTAPI", charset="UTF-8"')
    answer(request, response.status(fault.status), 'fault', fault.element)
  }
}
