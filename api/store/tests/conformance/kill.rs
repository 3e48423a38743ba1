//! A server that is killed in a storm of commits: what it acknowledged is there.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hamlet_protocol::event::Event;
use hamlet_store::{Store, StoreOptions, Write};

use crate::place::Place;
use crate::samples::{Pump, agent, audit};

/// The address for [`storm`] when it is a child.
const CHILD: &str = "HAMLET_STORE_STORM";
/// What a child says after each commit, before the batch's number.
const SAYS: &str = "acknowledged ";
/// How many children are killed; scripts/test --full sets more than the usual number.
const KILLS: &str = "HAMLET_STORE_KILLS";
const KILLS_USUAL: usize = 3;
/// Longest wait for a world whose server is dead.
const RELEASE_WAIT: Duration = Duration::from_secs(60);

/// How many commits a child may make before it is killed, each time another number.
fn kills_after() -> impl Iterator<Item = usize> {
    let kills = std::env::var(KILLS).map_or(KILLS_USUAL, |kills| {
        kills.parse().expect("HAMLET_STORE_KILLS is a number")
    });
    (0..kills).map(|kill| 1 + kill * 37 % 90)
}

/// Commits batch after batch and says each number. By itself it makes a short storm in a database of its own; as a child it goes on until it is killed.
#[tokio::test]
async fn storm() {
    let (own, url) = match std::env::var(CHILD) {
        Ok(url) => (None, url),
        Err(_) => {
            let place = Place::sqlite();
            let url = place.url();
            (Some(place), url)
        }
    };
    let store = Store::open(&url, StoreOptions::default()).await;
    let mut pump = Pump::begin(store.expect("it opens")).await;
    while own.is_none() || pump.head.batch < 20 {
        let left = Event::AgentLeft { agent: agent(1) };
        let noted = Write::Audit(audit(pump.head.batch + 1));
        pump.commit(vec![left.clone(), left], vec![noted]).await;
        println!("{SAYS}{}", pump.head.batch);
        if pump.head.batch % 16 == 0 {
            let image = pump.image(1_500_000);
            pump.store.put_image(&image).await.expect("it is kept");
        }
    }
    check(&pump.store, 20).await;
}

/// Starts a storm, kills it after so many acknowledgements, and gives the last number it acknowledged.
fn storm_and_kill(url: &str, after: usize) -> i64 {
    let program = std::env::current_exe().expect("we are a program");
    let mut child = Command::new(program)
        .args(["--exact", "kill::storm", "--nocapture"])
        .env(CHILD, url)
        .stdout(Stdio::piped())
        .spawn()
        .expect("we can be started");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut numbers = lines
        .map_while(Result::ok)
        // The harness writes the test's name before the first one.
        .filter_map(|line| line.rsplit_once(SAYS)?.1.parse::<i64>().ok());
    let mut last = numbers.nth(after - 1).expect("it commits");
    child.kill().expect("it can be killed");
    // What it had said before it died counts as well.
    last = numbers.last().unwrap_or(last);
    child.wait().expect("it has ended");
    last
}

async fn check(store: &Store, acknowledged: i64) {
    let head = store.head().await.expect("readable").expect("founded");
    assert!(
        head.batch >= acknowledged,
        "{head:?}, but {acknowledged} was acknowledged"
    );
    assert!(
        head.batch <= acknowledged + 1,
        "{head:?} is more than one ahead of {acknowledged}"
    );
    let newest = store
        .events_after(2 * acknowledged - 1, 10)
        .await
        .expect("readable");
    assert_eq!(newest.last().map(|row| row.seq), Some(2 * head.batch));
    let last = store.audit_last().await.expect("readable").expect("noted");
    assert_eq!(last.no, head.batch);
    assert_eq!(
        store.integrity_check().await.expect("readable"),
        Vec::<String>::new()
    );
    if let Some(image) = store
        .newest_image()
        .await
        .expect("a visible image is whole")
    {
        assert_eq!(image.bytes.len(), 1_500_000);
        let after = store
            .frames_from(image.next_frame, 1_000)
            .await
            .expect("readable");
        let ahead = head.next_frame - image.next_frame;
        assert_eq!(i64::try_from(after.len()), Ok(ahead));
    }
}

async fn survives(place: &Place) {
    for after in kills_after() {
        let acknowledged = storm_and_kill(&place.url(), after);
        // The dead server's lock is gone; on PostgreSQL its sessions end a moment later, when the server notices.
        let store = place.open().await;
        let began = Instant::now();
        let mut begun = store.begin_epoch(1).await;
        while begun.is_err() && began.elapsed() < RELEASE_WAIT {
            tokio::time::sleep(Duration::from_millis(10)).await;
            begun = store.begin_epoch(1).await;
        }
        begun.expect("the world is free again");
        // Not before: until now the server may have been at a dead child's last commit.
        check(&store, acknowledged).await;
        store.close().await;
    }
    let store = place.open().await;
    let frames = store.frames_from(0, 10_000).await.expect("readable");
    let head = store.head().await.expect("readable").expect("founded");
    assert_eq!(i64::try_from(frames.len()), Ok(head.batch));
}

mod sqlite {
    use super::*;

    #[tokio::test]
    async fn what_was_acknowledged_survives_a_kill() {
        survives(&Place::sqlite()).await;
    }
}

mod postgres {
    use super::*;

    #[tokio::test]
    async fn what_was_acknowledged_survives_a_kill() {
        let place = Place::postgres().await;
        survives(&place).await;
        place.end().await;
    }
}
