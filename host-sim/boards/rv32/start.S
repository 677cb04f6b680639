/* From reset to main. Reset jumps to the first byte of flash bank 0. */
    .section .reset, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    csrw mie, zero
    la t0, early_trap
    csrw mtvec, t0
    la sp, __boot_stack_top

    la a0, __data_start
    la a1, __data_load
    la a2, __data_end
1:  bgeu a0, a2, 2f
    lw t0, 0(a1)
    sw t0, 0(a0)
    addi a0, a0, 4
    addi a1, a1, 4
    j 1b
2:  la a0, __bss_start
    la a1, __bss_end
3:  bgeu a0, a1, 4f
    sw zero, 0(a0)
    addi a0, a0, 4
    j 3b
4:  la tp, __tls_base /* errno lives there */
    call main
5:  j 5b

/* A fault before the kernel runs: exit code 97. */
    .balign 4
early_trap:
    li t0, 0x00100000
    li t1, (97 << 16) | 0x3333
    sw t1, 0(t0)
6:  j 6b

/* int es_semihosting(int operation, const void *arguments). The three instructions are the call itself; the function is
 * aligned so that they never lie on two pages. */
    .section .text.es_semihosting, "ax"
    .balign 16
    .globl es_semihosting
es_semihosting:
    .option push
    .option norvc
    slli x0, x0, 0x1f
    ebreak
    srai x0, x0, 7
    .option pop
    ret

/* uint32_t es_count_loop(uint32_t turns): 2 * turns + 1 instructions, to find out what the cycle counter counts. */
    .section .text.es_count_loop, "ax"
    .balign 16
    .globl es_count_loop
es_count_loop:
1:  addi a0, a0, -1
    bnez a0, 1b
    ret
