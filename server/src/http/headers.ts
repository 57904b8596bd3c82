import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What every answer tells the browser not to do. Framing is the blogs' right, by `frame-ancestors` alone. */
export async function addHeaders(app: FastifyInstance, options: { frameAncestors: string; https: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        // A player puts together what it plays, and its captions begin as an empty sheet.
        mediaSrc: ["'self'", 'blob:', 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        objectSrc: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        frameAncestors: options.frameAncestors.split(' '),
      },
    },
    // helmet forbids framing in three headers by default.
    xFrameOptions: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'strict-origin' },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
  });
  app.addHook('onSend', async (_, reply) => {
    reply.header('permissions-policy', POLICY);
  });
}

const POLICY = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi', 'payment', 'usb']
  .map((feature) => `${feature}=()`).join(', ');
