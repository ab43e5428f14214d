import { createRequire } from 'node:module'
import type Koffi from 'koffi'
import { lazily } from './lazily.ts'

/** The bridge to calls of the C library. Loaded when it is needed first: 10 ms, and several MB in each thread. */
export const loadKoffi: () => typeof Koffi = lazily(() => createRequire(import.meta.url)('koffi'))
