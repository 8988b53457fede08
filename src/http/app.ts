// The HTTP face of a gateway: which steps a request goes through, and which endpoint answers it. Nothing outside this
// folder knows Koa; nothing in it knows LDAP.
import Koa from 'koa';
import type { Authenticator } from '../auth/authenticate.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Observe } from '../observe/observation.ts';
import type { CertificateHeader } from './client-certificate.ts';
import { runMany } from './endpoints/bulk.ts';
import {
  listResourceTypes,
  listSchemas,
  showResourceType,
  showSchema,
  showServiceProviderConfig,
} from './endpoints/discovery.ts';
import { onCaller } from './endpoints/me.ts';
import { createOne, deleteOne, patchOne, readOne, replaceOne } from './endpoints/resources.ts';
import { searchAllByGet, searchAllByPost, searchByGet, searchByPost } from './endpoints/search.ts';
import { notImplemented } from './endpoints/unsupported.ts';
import type { Route } from './exchange.ts';
import { createExternalUrl } from './external-url.ts';
import { mount } from './mount.ts';
import type { RequestState, StepContext } from './state.ts';
import { authenticate } from './steps/authenticate.ts';
import { catchErrors } from './steps/catch-errors.ts';
import { checkAccept } from './steps/check-accept.ts';
import { deadline } from './steps/deadline.ts';
import { refuseUnknownPath } from './steps/not-found.ts';
import { tell } from './steps/tell.ts';
import { withinBasePath } from './steps/within-base-path.ts';

export interface AppOptions {
  readonly gateway: Gateway;
  readonly authenticator: Authenticator;
  readonly observe: Observe;
  /** Path below which requests arrive: empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
  /** Without a trailing slash; absent where the Host header tells. */
  readonly publicUrl?: string;
  /** Addresses and networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly clientCertificateHeader?: CertificateHeader;
  /** Whether resources carry versions: advertised (A5). */
  readonly etag: boolean;
  readonly publicDiscovery: 'none' | 'serviceProviderConfig' | 'all';
  readonly bodyBytes: number;
  readonly requestSeconds: number;
}

export function createApp(options: AppOptions): Koa<RequestState> {
  const { basePath, observe } = options;
  const app = new Koa<RequestState>();
  app.use(tell(observe));
  app.use(catchErrors(observe));
  app.use(withinBasePath(basePath, createExternalUrl(options)));
  app.use(authenticate(options, publicPaths[options.publicDiscovery]));
  app.use(checkAccept);
  app.use(deadline(options.requestSeconds));
  app.use(mount(routes(options), options.bodyBytes));
  app.use(refuseUnknownPath);
  // What goes wrong after the answer stood, such as a socket that breaks while it is written.
  const told = new WeakSet<object>();
  app.on('error', (error: unknown, ctx?: StepContext) => {
    if (isClientGone(error)) return;
    // Koa tells of a stream that fails twice: as it fails, and as the response ends with it.
    if (typeof error === 'object' && error !== null) {
      if (told.has(error)) return;
      told.add(error);
    }
    observe({ kind: 'requestFailed', requestId: ctx?.state.requestId ?? '', error });
  });
  return app;
}

/** Nobody failed but the client, and the line of its request says 499: the log's errors are for what an operator can mend. */
function isClientGone(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code))
  );
}

/** The first route that fits a path owns it, so `.search` stands before `:id`. */
function routes({ gateway, authenticator, observe, bodyBytes, etag }: AppOptions): readonly Route[] {
  const provider = { authenticationSchemes: authenticator.schemes, bodyBytes, etag };
  return [
    ['/ServiceProviderConfig', { GET: showServiceProviderConfig(gateway, provider) }],
    ['/ResourceTypes', { GET: listResourceTypes(gateway) }],
    ['/ResourceTypes/:id', { GET: showResourceType(gateway) }],
    ['/Schemas', { GET: listSchemas(gateway) }],
    ['/Schemas/:id', { GET: showSchema(gateway) }],
    ...gateway.resourceTypes.flatMap((type): readonly Route[] => [
      [type.endpoint, { GET: searchByGet(gateway, type), POST: createOne(gateway, type) }],
      [`${type.endpoint}/.search`, { POST: searchByPost(gateway, type) }],
      [
        `${type.endpoint}/:id`,
        {
          GET: readOne(gateway, type),
          PUT: replaceOne(gateway, type),
          PATCH: patchOne(gateway, type),
          DELETE: deleteOne(gateway, type),
        },
      ],
    ]),
    ['/', { GET: searchAllByGet(gateway) }],
    ['/.search', { POST: searchAllByPost(gateway) }],
    ['/Bulk', { POST: runMany(gateway, observe) }],
    ['/Me', authenticator.tiesCallers ? meOf(gateway) : withoutMe],
  ];
}

function meOf(gateway: Gateway): Route[1] {
  return {
    GET: onCaller(gateway, readOne),
    PUT: onCaller(gateway, replaceOne),
    PATCH: onCaller(gateway, patchOne),
    DELETE: onCaller(gateway, deleteOne),
  };
}

const noMe = notImplemented('/Me');
const withoutMe: Route[1] = { GET: noMe, POST: noMe, PUT: noMe, PATCH: noMe, DELETE: noMe };

const publicPaths: Readonly<Record<AppOptions['publicDiscovery'], readonly string[]>> = {
  none: [],
  serviceProviderConfig: ['/ServiceProviderConfig'],
  all: ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'],
};
