#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

// A reader that has seen enough (| head) closes the pipe: that is no error, and the run is kept all the same.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
