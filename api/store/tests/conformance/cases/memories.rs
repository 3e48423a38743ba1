//! What minds remember.

use hamlet_protocol::memory::{Embedding, MemoryRecord, MemoryWrite};
use hamlet_store::{Forget, ForgetWhom, Write};

use crate::place::Place;
use crate::samples::{Pump, agent};

fn row(of: u32, no: u64, text: &str) -> MemoryRecord {
    MemoryRecord {
        agent: agent(of),
        no,
        tick: 40 + no,
        since: 50 + no,
        kind: "observation".to_owned(),
        text: text.to_owned(),
        importance: 7,
        source: None,
        about: Some("@ada".to_owned()),
        of: vec![3, 4],
        replaces: vec![],
        embedding: Embedding {
            model: "lexical".to_owned(),
            dim: 4096,
            vector: None,
        },
    }
}

fn rows(rows: impl IntoIterator<Item = MemoryRecord>) -> Vec<Write> {
    let rows = rows.into_iter();
    rows.map(|row| Write::Memory(MemoryWrite::Row(row)))
        .collect()
}

pub(crate) async fn what_minds_remember_comes_back_in_order(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let kept = [
        row(1, 0, "one"),
        row(1, 1, "two 'quoted' \" 🙂"),
        row(1, 2, "three"),
    ];
    pump.commit(vec![], rows(kept.clone())).await;
    pump.commit(vec![], rows([row(2, 0, "another's")])).await;
    // Handed in again after a lost answer, nothing doubles.
    pump.commit(vec![], rows(kept[2..].to_vec())).await;
    let store = &pump.store;
    assert_eq!(
        store.remembering().await.expect("readable"),
        [agent(1), agent(2)]
    );
    assert_eq!(
        store.memories(agent(1), None).await.expect("readable"),
        kept
    );
    let by_then = store.memories(agent(1), Some(51)).await.expect("readable");
    assert_eq!(by_then, kept[..2]);

    let embedding = Embedding {
        model: "meaning".to_owned(),
        dim: 1,
        vector: Some(vec![0, 0, 128, 63]),
    };
    let vector = |no| {
        Write::Memory(MemoryWrite::Vector {
            agent: agent(1),
            no,
            embedding: embedding.clone(),
        })
    };
    pump.commit(vec![], vec![vector(1), vector(99)]).await;
    let found = pump.store.memories(agent(1), None).await.expect("readable");
    assert_eq!(found[1].embedding, embedding);
    assert_eq!((found.len(), found[0].embedding.dim), (3, 4096));
}

pub(crate) async fn erased_words_are_gone(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let kept = (0..5).map(|no| row(1, no, "a secret"));
    pump.commit(vec![], rows(kept.chain([row(2, 0, "a secret")])))
        .await;
    let gone = |nos, below| {
        Write::Memory(MemoryWrite::Gone {
            agent: agent(1),
            nos,
            below,
        })
    };
    let mut writes = vec![gone(Some(vec![1, 3]), 0)];
    writes.extend(rows([MemoryRecord {
        kind: "erased".to_owned(),
        replaces: vec![1, 3],
        ..row(1, 5, "")
    }]));
    pump.commit(vec![], writes).await;
    let left = pump.store.memories(agent(1), None).await.expect("readable");
    let nos: Vec<u64> = left.iter().map(|row| row.no).collect();
    assert_eq!(nos, [0, 2, 4, 5]);
    assert_eq!(left[3].replaces, [1, 3]);

    pump.commit(vec![], vec![gone(None, 5)]).await;
    let left = pump.store.memories(agent(1), None).await.expect("readable");
    assert_eq!(left.len(), 1, "{left:?}");

    let forget = Forget {
        whom: ForgetWhom::Agent(agent(2)),
        at_ms: 500,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    assert_eq!(
        pump.store.remembering().await.expect("readable"),
        [agent(1)]
    );
}
