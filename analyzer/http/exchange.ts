import { hasToken, type RequestHead, type ResponseHead } from './head.ts';
import { MAXIMUM_OUTSTANDING_REQUESTS } from './limits.ts';

/** Requests that wait for their responses, which come in the same order (RFC 9112 9.3.2). */
export class Outstanding {
  #requests: RequestHead[] = [];

  add(request: RequestHead): void {
    this.#requests.push(request);
    if (this.#requests.length > MAXIMUM_OUTSTANDING_REQUESTS) this.#requests.shift();
  }

  /** The request that a response of this status answers; an interim one leaves it waiting. */
  match(response: ResponseHead): RequestHead | null {
    const interim = response.status < 200 && response.status !== 101;
    return (interim ? this.#requests[0] : this.#requests.shift()) ?? null;
  }

  /** Responses may be missing: only the last request, the one nothing can be sent after, is surely waiting. */
  forgetAllButLast(): void {
    this.#requests = this.#requests.slice(-1);
  }

  dropLast(): void {
    this.#requests.pop();
  }

  get last(): RequestHead | undefined {
    return this.#requests.at(-1);
  }
}

export function asksForUpgrade(request: RequestHead, token: string): boolean {
  return hasToken(request, 'Upgrade', token);
}

/** It asks, or it would have: a proxy in between took the Upgrade header away and left the protocol's own ones. */
export function meantUpgrade(request: RequestHead, token: string): boolean {
  const prefix = `sec-${token.toLowerCase()}-`;
  return (
    asksForUpgrade(request, token) || request.fields.some(({ name }) => name.toLowerCase().startsWith(prefix))
  );
}

/** RFC 9110 7.8, 15.2.2: the server names what it switches to. */
export function switchesTo(response: ResponseHead, token: string): boolean {
  return response.status === 101 && hasToken(response, 'Upgrade', token);
}

export function opensTunnel(response: ResponseHead, request: RequestHead | null): boolean {
  return request?.method === 'CONNECT' && response.status >= 200 && response.status < 300;
}
