"""`python -m sayso.verify` is `sayso-verify`."""

from sayso.verify.command import main

if __name__ == "__main__":
    main()
