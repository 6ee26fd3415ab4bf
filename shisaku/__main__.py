"""The program `shisaku`: signals are taken over before anything else is imported.

A search takes a fifth of a second, and half of that are imports: Ctrl-C meets them often.
"""

try:
    from shisaku import interrupt

    interrupt.install()
    from shisaku.cli import main
except KeyboardInterrupt:  # before `install` was done
    import os

    os.write(2, b"shisaku: interrupted\n")
    os._exit(130)

if __name__ == "__main__":
    main(prog_name="shisaku")
