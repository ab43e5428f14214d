/**
 * Node's `http`. Not by an import of values: that reads every name which the module exports, and some of them load another
 * HTTP client with all its parts, 20 ms and 15 MB in each thread that nobody here needs.
 */
export const http = process.getBuiltinModule('node:http')
