// The image's health check: whether the gateway answers. An answer that refuses (401) is an answer, one that failed is not.

const url = process.env['SCIM_LDAP_HEALTH_URL'] ?? 'http://127.0.0.1:8080/scim/v2/ServiceProviderConfig';

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(2500), redirect: 'manual' });
  process.exitCode = response.status < 500 ? 0 : 1;
  await response.body?.cancel();
} catch {
  process.exitCode = 1;
}
