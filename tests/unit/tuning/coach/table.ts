import { tableLines } from './evidence.ts';

// Prints the table of docs/coach.md.
console.log(tableLines().join('\n'));
