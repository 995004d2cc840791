/* Messages and a file over c-toxcore, between two processes on loopback: what ours are measured
 * beside. Both processes iterate without pause, which no messenger does and which is Tox at its
 * fastest. Nothing is stored. Prints {"messages_per_second", "receipt_p50_ms", "arrival_p50_ms",
 * "file_megabytes_per_second"}.
 *
 * cc -O2 tox.c -ltoxcore
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <tox/tox.h>
#include <unistd.h>

#define SIZE 256
#define ROUNDS 11
#define FLOOD 4000
#define FILE_SIZE (16u << 20)
#define DEADLINE 90.0

/* What the two sides need to know of each other, and how they meet. */
struct card {
  uint8_t key[TOX_PUBLIC_KEY_SIZE];
  uint8_t dht[TOX_PUBLIC_KEY_SIZE];
  uint16_t port;
};

static int connected, receipts, arrivals;
static uint64_t file_received;
static uint8_t chunk[65536];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void on_connection(Tox *tox, uint32_t friend, TOX_CONNECTION state, void *data) {
  (void)tox, (void)friend, (void)data;
  connected = state != TOX_CONNECTION_NONE;
}

static void on_receipt(Tox *tox, uint32_t friend, uint32_t id, void *data) {
  (void)tox, (void)friend, (void)id, (void)data;
  receipts++;
}

/* The receiver's word that a message has come, at once: Tox's own receipts wait for a timer. Of a
 * flood only the last is answered. */
static void on_message(Tox *tox, uint32_t friend, TOX_MESSAGE_TYPE type, const uint8_t *text,
                       size_t length, void *data) {
  (void)type, (void)data;
  static int messages;
  messages++;
  if (messages > ROUNDS && messages < ROUNDS + FLOOD) return;
  uint8_t answer[33] = {160};
  memcpy(answer + 1, text, length < 32 ? length : 32);
  tox_friend_send_lossless_packet(tox, friend, answer, sizeof answer, NULL);
}

static void on_answer(Tox *tox, uint32_t friend, const uint8_t *bytes, size_t length, void *data) {
  (void)tox, (void)friend, (void)bytes, (void)length, (void)data;
  arrivals++;
}

static void on_file(Tox *tox, uint32_t friend, uint32_t file, uint32_t kind, uint64_t size,
                    const uint8_t *name, size_t length, void *data) {
  (void)kind, (void)size, (void)name, (void)length, (void)data;
  tox_file_control(tox, friend, file, TOX_FILE_CONTROL_RESUME, NULL);
}

static void on_chunk(Tox *tox, uint32_t friend, uint32_t file, uint64_t position,
                     const uint8_t *bytes, size_t length, void *data) {
  (void)file, (void)position, (void)bytes, (void)data;
  file_received += length;
  if (length == 0 || file_received >= FILE_SIZE) {
    uint8_t answer[1] = {161};
    tox_friend_send_lossless_packet(tox, friend, answer, 1, NULL);
  }
}

static void on_wanted(Tox *tox, uint32_t friend, uint32_t file, uint64_t position, size_t length,
                      void *data) {
  (void)data;
  if (length > 0) tox_file_send_chunk(tox, friend, file, position, chunk, length, NULL);
}

static Tox *made(struct card *card) {
  struct Tox_Options *options = tox_options_new(NULL);
  tox_options_set_local_discovery_enabled(options, false);
  tox_options_set_ipv6_enabled(options, false);
  Tox *tox = tox_new(options, NULL);
  if (tox == NULL) exit(1);
  tox_self_get_public_key(tox, card->key);
  tox_self_get_dht_id(tox, card->dht);
  card->port = tox_self_get_udp_port(tox, NULL);
  return tox;
}

static void meet(Tox *tox, const struct card *other, uint32_t *friend) {
  tox_bootstrap(tox, "127.0.0.1", other->port, other->dht, NULL);
  *friend = tox_friend_add_norequest(tox, other->key, NULL);
  tox_callback_friend_connection_status(tox, on_connection);
}

static void give_up_after(double begun) {
  if (now() - begun > DEADLINE) {
    fprintf(stderr, "out of time: connected %d, receipts %d, arrivals %d\n", connected, receipts, arrivals);
    exit(1);
  }
}

static int compare(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b;
}

static void receive(int in, int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct card own, other;
  uint32_t friend;
  Tox *tox = made(&own);
  if (write(out, &own, sizeof own) < 0 || read(in, &other, sizeof other) < 0) exit(1);
  meet(tox, &other, &friend);
  tox_callback_friend_message(tox, on_message);
  tox_callback_file_recv(tox, on_file);
  tox_callback_file_recv_chunk(tox, on_chunk);
  for (;;) tox_iterate(tox, NULL);
}

int main(void) {
  int there[2], back[2];
  if (pipe(there) || pipe(back)) return 1;
  pid_t child = fork();
  if (child == 0) receive(there[0], back[1]);

  struct card own, other;
  uint32_t friend;
  Tox *tox = made(&own);
  if (read(back[0], &other, sizeof other) < 0 || write(there[1], &own, sizeof own) < 0) return 1;
  meet(tox, &other, &friend);
  tox_callback_friend_read_receipt(tox, on_receipt);
  tox_callback_friend_lossless_packet(tox, on_answer);
  tox_callback_file_chunk_request(tox, on_wanted);
  double begun = now();
  while (!connected) {
    tox_iterate(tox, NULL);
    usleep(1000);
    give_up_after(begun);
  }

  uint8_t text[SIZE];
  memset(text, 'x', SIZE);
  double receipt[ROUNDS], arrival[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    int old_receipts = receipts, old_arrivals = arrivals;
    double start = now();
    tox_friend_send_message(tox, friend, TOX_MESSAGE_TYPE_NORMAL, text, SIZE, NULL);
    while (arrivals == old_arrivals) {
      tox_iterate(tox, NULL);
      give_up_after(start);
    }
    arrival[round] = now() - start;
    while (receipts == old_receipts) {
      tox_iterate(tox, NULL);
      give_up_after(start);
    }
    receipt[round] = now() - start;
  }
  qsort(receipt, ROUNDS, sizeof(double), compare);
  qsort(arrival, ROUNDS, sizeof(double), compare);

  int sent = 0;
  arrivals = 0;
  double start = now();
  while (arrivals == 0) {
    while (sent < FLOOD) {
      TOX_ERR_FRIEND_SEND_MESSAGE error;
      tox_friend_send_message(tox, friend, TOX_MESSAGE_TYPE_NORMAL, text, SIZE, &error);
      if (error != TOX_ERR_FRIEND_SEND_MESSAGE_OK) break;
      sent++;
    }
    tox_iterate(tox, NULL);
    give_up_after(start);
  }
  double rate = FLOOD / (now() - start);

  arrivals = 0;
  start = now();
  tox_file_send(tox, friend, TOX_FILE_KIND_DATA, FILE_SIZE, NULL, (const uint8_t *)"f", 1, NULL);
  while (arrivals == 0) {
    tox_iterate(tox, NULL);
    give_up_after(start);
  }
  double file = FILE_SIZE / 1e6 / (now() - start);

  printf("{\"messages_per_second\":%.1f,\"receipt_p50_ms\":%.3f,\"arrival_p50_ms\":%.3f,"
         "\"file_megabytes_per_second\":%.2f}\n",
         rate, receipt[ROUNDS / 2] * 1e3, arrival[ROUNDS / 2] * 1e3, file);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}
