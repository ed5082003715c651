/* A network cable with a delay, loss and a limited rate, for kernels without netem (network.sh).
 *   slow_link NEAR NAMESPACE FAR DELAY_MS LOSS_PERCENT RATE_MBIT
 * Makes two tap devices, NEAR in the caller's network namespace and FAR in NAMESPACE (a file like /proc/PID/ns/net), prints a
 * line, and carries frames between them until it is killed; then the devices are gone. Each direction has half of the delay, all
 * of the loss, and the rate (0: unlimited). A direction drops frames when 1000 are under way, as netem does. Needs root. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { frames_under_way = 1000, frame_size = 2048 };

struct frame {
  long long due; /* nanoseconds of the monotonic clock */
  size_t size;
  char bytes[frame_size];
};

struct direction {
  int from, to;
  long long sent; /* when the cable has taken the last frame */
  size_t first, count;
  struct frame frames[frames_under_way];
};

static struct direction directions[2];
static long long delay;          /* of a direction, in nanoseconds */
static double loss, ns_per_byte; /* loss: from 0 to 1 */

static void fail(const char* what) {
  fprintf(stderr, "slow_link: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int open_tap(const char* name) {
  struct ifreq request;
  const int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tap < 0) fail("/dev/net/tun");
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  if (ioctl(tap, TUNSETIFF, &request) != 0) fail(name);
  return tap;
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void receive(struct direction* direction) {
  static char dropped[frame_size];
  for (;;) {
    const int full = direction->count == frames_under_way;
    const int drop = full || drand48() < loss;
    struct frame* frame = &direction->frames[(direction->first + direction->count) % frames_under_way];
    const ssize_t size = read(direction->from, drop ? dropped : frame->bytes, frame_size);
    const long long time = now();
    if (size <= 0) return; /* nothing more, or the device is still down */
    if (drop) continue;
    if (direction->sent < time) direction->sent = time;
    direction->sent += (long long)((double)size * ns_per_byte);
    frame->due = direction->sent + delay;
    frame->size = (size_t)size;
    ++direction->count;
  }
}

/* Sends what is due. Returns when the next frame is, or -1. */
static long long send_due(struct direction* direction) {
  const long long time = now();
  while (direction->count > 0) {
    struct frame* frame = &direction->frames[direction->first];
    if (frame->due > time) return frame->due;
    if (write(direction->to, frame->bytes, frame->size) < 0 && errno == EAGAIN) return time + 1000000;
    direction->first = (direction->first + 1) % frames_under_way;
    --direction->count;
  }
  return -1;
}

int main(int argc, char** argv) {
  unsigned seed = 0;
  if (argc != 7) {
    fprintf(stderr, "usage: slow_link NEAR NAMESPACE FAR DELAY_MS LOSS_PERCENT RATE_MBIT\n");
    return 2;
  }
  delay = (long long)(atof(argv[4]) * 1e6 / 2);
  loss = atof(argv[5]) / 100;
  ns_per_byte = atof(argv[6]) > 0 ? 8e3 / atof(argv[6]) : 0;
  if (getrandom(&seed, sizeof seed, 0) < 0) fail("getrandom");
  srand48(seed);

  const int near = open_tap(argv[1]);
  const int namespace = open(argv[2], O_RDONLY | O_CLOEXEC);
  if (namespace < 0 || setns(namespace, CLONE_NEWNET) != 0) fail(argv[2]);
  const int far = open_tap(argv[3]);
  directions[0].from = directions[1].to = near;
  directions[0].to = directions[1].from = far;
  puts("ready");
  fflush(stdout);

  for (;;) {
    struct pollfd polls[2] = {{near, POLLIN, 0}, {far, POLLIN, 0}};
    const long long a = send_due(&directions[0]), b = send_due(&directions[1]);
    const long long next = a < 0 || (b >= 0 && b < a) ? b : a;
    const long long wait = next < 0 ? -1 : next > now() ? next - now() : 0;
    const struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    if (ppoll(polls, 2, wait < 0 ? NULL : &timeout, NULL) < 0 && errno != EINTR) fail("ppoll");
    if (((polls[0].revents | polls[1].revents) & (POLLERR | POLLHUP)) != 0) return 1; /* a device is gone */
    if (polls[0].revents != 0) receive(&directions[0]);
    if (polls[1].revents != 0) receive(&directions[1]);
  }
}
