from hpf.faces.batch.worker import main

main()
