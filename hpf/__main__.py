import sys

from hpf.faces.cli.main import main

sys.exit(main())
