//! What `--help` and `--version` print.

pub(crate) const USAGE: &str = "\
usage: daemonproxy-log [OPTION]... DIR

Writes each line that it reads to DIR/current, with the time in front.

      --fd N[=LABEL]    read descriptor N, with LABEL in front of its lines; may be given
                        several times (0, without a label)
      --time FORMAT     iso, unix, tai64n, or none (iso)
      --max-line BYTES  cut lines that are longer (16K)

      --size BYTES      begin a new file before it is larger; 0: never (10M)
      --age TIME        begin a new file when it is as old as that: 90s, 30m, 12h, 7d
      --keep N          how many archives there may be (10)
      --total BYTES     how large they may be together

      --sync            what is written is on the disk before more is read
      --block           when the disk is full wait, and let the services wait, instead of
                        dropping lines
      --tee             copy everything to standard error
      --then PROGRAM [ARG]...
                        run this for each archive, with its path as the last argument;
                        it is the end of the command line

  -h, --help            print this
      --version         print the version

BYTES may have a unit: 512K, 10M, 1G. SIGHUP opens the file again, SIGALRM begins a new one,
SIGTERM ends it when it has written what there is.
";

pub(super) const VERSION: &str = concat!(
    "daemonproxy-log version ",
    env!("CARGO_PKG_VERSION"),
    "\nlicensed under MIT or Apache-2.0, see the files LICENSE-MIT and LICENSE-APACHE\n"
);
