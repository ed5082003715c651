        .section .rodata
        .globl mark
mark:   .long 41
        .section .note.GNU-stack,"",%progbits
