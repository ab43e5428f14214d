/** Node's compressors. Not imported: they take 0.4 MB in each thread, and few servers ever meet what is packed. */
export const loadZlib = () => process.getBuiltinModule('node:zlib')
