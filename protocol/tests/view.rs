//! What a client knows of the daemon: lists that are longer than a line.

use daemonproxy_protocol::{Event, StateView};

#[test]
fn an_environment_that_comes_in_pieces_is_one_list() {
    let mut view = StateView::new();
    let lines = ["env\tA=1\tB=2", "env.apply\tC=3", "env.apply", "env.apply\tD=4\tE=5"];
    for line in lines {
        match Event::parse(line.as_bytes()) {
            Ok(event) => view.apply(&event),
            Err(error) => panic!("{line}: {error:?}"),
        }
    }
    assert_eq!(view.env().as_bytes(), b"A=1\tB=2\tC=3\tD=4\tE=5");
}
