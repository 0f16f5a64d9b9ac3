#!/usr/bin/env node
// What `weekbook` starts: any Node from 20 on reads this file; the command itself runs on Node 24.
process.argv.splice(2, 0, "cli/weekbook.ts");
await import("../scripts/on-node-24.mjs");
