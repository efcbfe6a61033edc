import { userInfo } from 'node:os';

/** The name the person is logged in with; empty where the system does not say. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
