/* Samba's ports are fixed, and those below 1024 are not for ordinary users. Preloaded into samba, this makes
     PORTMAP=389:20389,636:20636
   bind 20389 where it asks for 389. getsockname tells 389 again, because Samba serves TLS where that says 636 or 3269.
   It includes no header, so that every C compiler makes it, also where the C library's development files are missing. */

struct address {
  unsigned short family;
  unsigned char port[2];
  unsigned char rest[124];
};
enum { IPV4 = 2, IPV6 = 10, SMALLEST = 4 };

extern void *dlsym(void *handle, const char *name);
extern char *getenv(const char *name);
extern long strtol(const char *text, char **end, int base);
extern void *memcpy(void *to, const void *from, unsigned long size);

/* RTLD_NEXT */
static void *const next = (void *)-1L;

static void map(struct address *address, int back) {
  if (address->family != IPV4 && address->family != IPV6) return;
  int port = address->port[0] << 8 | address->port[1];
  char *rest = getenv("PORTMAP");
  while (rest && *rest) {
    int asked = strtol(rest, &rest, 10);
    if (*rest == ':') rest++;
    int real = strtol(rest, &rest, 10);
    if (*rest == ',') rest++;
    if (port != (back ? real : asked)) continue;
    port = back ? asked : real;
    address->port[0] = port >> 8;
    address->port[1] = port & 255;
    return;
  }
}

int bind(int socket, const struct address *address, unsigned size) {
  int (*real)(int, const void *, unsigned) = dlsym(next, "bind");
  struct address copy;
  if (size < SMALLEST || size > sizeof copy) return real(socket, address, size);
  memcpy(&copy, address, size);
  map(&copy, 0);
  return real(socket, &copy, size);
}

int getsockname(int socket, struct address *address, unsigned *size) {
  int (*real)(int, void *, unsigned *) = dlsym(next, "getsockname");
  int result = real(socket, address, size);
  if (result == 0 && *size >= SMALLEST) map(address, 1);
  return result;
}
