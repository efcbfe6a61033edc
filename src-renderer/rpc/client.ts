import { type ClientLink, createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/contract/contract.ts';
import { connection } from './connection.svelte.ts';

type NoContext = Record<never, never>;

/** Sends every call over whatever line is open at that moment. */
const currentLink: ClientLink<NoContext> = {
  async call(path, input, options) {
    const transport = await connection.ready(options.signal);
    return transport.link.call(path, input, options);
  },
};

/** Every procedure of the host, typed by the contract. */
export const client: ContractRouterClient<Contract, NoContext> = createORPCClient(currentLink);
