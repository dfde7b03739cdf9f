/* Has programs believe that a processor with AVX-512 has AVX2 alone, so that peers that look for themselves use that, too.

   cc -O1 -shared -fPIC -o without_avx512.so tests/benchmarks/without_avx512.c
   LD_PRELOAD=./without_avx512.so python tests/benchmarks/engine.py

Linux on x86-64 whose kernel can have the CPUID instruction fault (`cpuid_fault` in /proc/cpuinfo): the fault is answered with
what the processor says, less AVX-512 and what came with or after it. The state is that of the process, with all its threads. */

#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012
#define BIT(n) (1u << (n))

static void let(int cpuid) { syscall(SYS_arch_prctl, ARCH_SET_CPUID, (unsigned long)cpuid); }

static void answer(int number, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const unsigned char *at = (const unsigned char *)registers[REG_RIP];
  unsigned leaf = registers[REG_RAX], part = registers[REG_RCX], a, b, c, d;
  if (at[0] != 0x0f || at[1] != 0xa2) { /* another fault: as if this were not here */
    signal(number, SIG_DFL);
    return;
  }
  let(1);
  __cpuid_count(leaf, part, a, b, c, d);
  let(0);
  if (leaf == 7 && part == 0) {
    b &= ~(BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31)); /* F DQ IFMA PF ER CD BW VL */
    c &= ~(BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14));                                 /* VBMI VBMI2 VNNI BITALG POPCNT */
    d &= ~(BIT(2) | BIT(3) | BIT(8) | BIT(22) | BIT(23) | BIT(24) | BIT(25));              /* 4VNNIW 4FMAPS FP16 AMX */
  }
  if (leaf == 7 && part == 1) {
    a &= ~(BIT(4) | BIT(5) | BIT(21) | BIT(23)); /* AVX-VNNI BF16 AMX-FP16 AVX-IFMA */
    d &= ~(BIT(4) | BIT(5) | BIT(10) | BIT(19)); /* AVX-VNNI-INT8 AVX-NE-CONVERT AVX-VNNI-INT16 AVX10 */
  }
  registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = answer;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, 0);
  let(0);
}
