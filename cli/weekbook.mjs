#!/usr/bin/env node
// The command as a person types it. Every Node from 20 on reads this file; the work itself is done by Node 24.
process.argv.splice(2, 0, "cli/weekbook.ts");
await import("../scripts/on-node-24.mjs");
