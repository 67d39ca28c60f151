import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

const root = dirname(fileURLToPath(import.meta.url));

/** @type {import('next').NextConfig} */
const config = {
  pageExtensions: ['tsx', 'ts'],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Types are a step of their own (npm run verify): a start doesn't check the whole repository.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root },
  outputFileTracingRoot: root,
};

/** Files named page.dev.tsx are pages in development alone: a build doesn't know them, nor what only they import. */
const WITH_DEVELOPMENT = ['dev.tsx', 'tsx', 'ts'];

/** @param {string} phase @returns {import('next').NextConfig} */
export default function configOf(phase) {
  return phase === PHASE_DEVELOPMENT_SERVER ? { ...config, pageExtensions: WITH_DEVELOPMENT } : config;
}
