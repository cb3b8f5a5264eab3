//! Values of environment variables and tokens are nowhere to be seen.

use daemonproxy_testing::Setup;

use crate::page::{Page, TOKEN};

const SECRET: &str = "hunter2-hunter2";

#[test]
fn what_is_secret_is_in_no_answer() {
    let daemon = Setup::new::<&str>([]).env("OF_THE_DAEMON", SECRET).listen();
    let page = Page::of(&daemon);
    let mut conn = daemon.connect();
    conn.define_sleeper("web");
    conn.send(&format!("service.env\tweb\tPASSWORD={SECRET}"));
    conn.send(&format!("env\tFOR_ALL={SECRET}"));
    conn.sync();
    conn.run("web");
    let mut watcher = page.watch();
    let all = watcher.until("web", "state", "ready").to_string();
    let node = page.node();
    let mut said = vec![all];
    for path in ["/", "/api/about", "/metrics"] {
        said.push(page.get(path).body);
    }
    for path in ["service", "log"] {
        said.push(page.get(&format!("/api/{path}?node={node}&name=web")).body);
    }
    said.push(page.act("web", "restart").body);
    let bearer = format!("Bearer {TOKEN}x");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    said.push(page.ask("POST /api/do", &headers, "{}").body);
    for text in said {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN), "{text}");
    }
    assert!(page.folder().join("token").exists());
}
