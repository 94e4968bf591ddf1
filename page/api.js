// The control interface of the program that serves this page: JSON requests with the token that the
// person gave, if one is wanted. A refusal is an ApiError whose message is what the program said.
// Knows nothing of what is asked; who asks for a token is given by `onToken`.

const KEY = 'eg91xq-token';

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Api {
  constructor(onToken, base = '/v1') {
    this.base = base;
    this.onToken = onToken;
    this.asking = null;
  }

  get token() {
    try {
      return sessionStorage.getItem(KEY) ?? '';
    } catch {
      return '';
    }
  }

  /// Asks once, however many requests wait for it.
  async askForToken() {
    this.asking ??= this.onToken()
      .then((token) => sessionStorage.setItem(KEY, token))
      .finally(() => {
        this.asking = null;
      });
    return this.asking;
  }

  /// The answer to a request, whatever it is but 401.
  async fetch(path, options = {}) {
    for (;;) {
      const headers = { ...options.headers };
      const token = this.token;
      if (token) headers.Authorization = `Bearer ${token}`;
      const answer = await fetch(this.base + path, { ...options, headers, cache: 'no-store' });
      if (answer.status !== 401) return answer;
      await answer.body?.cancel();
      // Another request may have been given one meanwhile.
      if (token === this.token) await this.askForToken();
    }
  }

  /// What the program answers, as an object; an ApiError if it refuses.
  async request(method, path, body, signal) {
    const options = { method, signal };
    if (body !== undefined) {
      options.body = JSON.stringify(body);
      options.headers = { 'Content-Type': 'application/json' };
    }
    const answer = await this.fetch(path, options);
    const text = await answer.text();
    let said = null;
    try {
      said = text ? JSON.parse(text) : null;
    } catch {
      said = null;
    }
    if (answer.ok) return said;
    throw new ApiError(answer.status, said?.detail ?? `${answer.status} ${answer.statusText}`);
  }

  get(path, signal) {
    return this.request('GET', path, undefined, signal);
  }
}
