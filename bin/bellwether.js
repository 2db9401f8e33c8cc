#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

// A reader that has seen enough (| head) closes the pipe: that is no error of ours.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
