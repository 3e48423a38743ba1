//! A village that has grown: many residents, posts, comments and votes, without anybody having lived through it.
//!
//! It is founded as every village is; then posts, comments and votes are put into its image and, with their texts, into its tables,
//! as they would stand there had they been written. From there on it comes to life as after any stop.

use std::path::Path;
use std::str::FromStr;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::board::Status;
use hamlet_protocol::ids::{AgentId, CommentId, IdCodec, PostId};
use hamlet_protocol::image::{
    AudienceImage, BoardImage, CommentImage, IMAGE_FORMAT, PostImage, WorldImage,
};
use hamlet_sim::journal::encode_image;
use hamlet_sim::scenario::Loaded;
use hamlet_sim::{Village, VillageOptions};
use hamlet_store::{Batch, Head, ImageRow, Store, StoreOptions};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

/// Rows of one statement.
const ROWS: usize = 5_000;
/// Posts, and as many comments, whose words stay in memory.
const TEXTS: u32 = 10_000;
/// Milliseconds between two posts; the newest was made when the village was grown.
const STEP_MS: i64 = 1_000;
/// Memory of the connection that writes the rows, in KiB: so that they are one transaction, and no page is written twice.
const ROWS_CACHE: &str = "-4000000";
/// Deepest answer.
const DEPTH: u16 = 10;

const POSTS: &str = "INSERT INTO posts (id, seq, tick, created_ms, author, submolt, title, text, up, down, score) \
     SELECT unhex(value ->> 0), value ->> 1, 0, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5, value ->> 6, \
     value ->> 7, value ->> 8, (value ->> 7) - (value ->> 8) FROM json_each($1)";
const COMMENTS: &str = "INSERT INTO comments (id, seq, tick, created_ms, post, parent, author, depth, text, up, down, score) \
     SELECT unhex(value ->> 0), value ->> 1, 0, value ->> 2, unhex(value ->> 3), unhex(value ->> 4), unhex(value ->> 5), \
     value ->> 6, value ->> 7, 0, 0, 0 FROM json_each($1)";
const VOTES: &str = "INSERT INTO votes (agent, target, target_kind, value, changed_ms) \
     SELECT unhex(value ->> 0), unhex(value ->> 1), 'post', value ->> 2, value ->> 3 FROM json_each($1)";

/// How much of everything there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) posts: u32,
    pub(crate) comments: u32,
    /// On posts.
    pub(crate) votes: u32,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Grown {
    /// Bytes of the image as it is kept.
    pub(crate) image_bytes: usize,
    pub(crate) residents: u32,
    /// Seconds it took to found the village and to keep those who came.
    pub(crate) founding_secs: f64,
    /// Seconds it took to write the rows of everything they wrote.
    pub(crate) rows_secs: f64,
    /// Seconds it took to pack the image and to keep it.
    pub(crate) image_secs: f64,
}

/// Grows a village in an empty SQLite file.
pub(crate) async fn grow(loaded: &Loaded, file: &Path, size: Size) -> Result<Grown> {
    let url = format!("sqlite://{}", file.display());
    let began = Instant::now();
    let start_ms = now_ms()? - STEP_MS * i64::from(size.posts);
    let (scenario, map) = (loaded.scenario.clone(), loaded.map.clone());
    let mut village = Village::found_at(scenario, map, VillageOptions::default(), start_ms)?;
    let events = village.take_events();
    let store = Store::open(&url, StoreOptions::default()).await?;
    let before = store.begin_epoch(start_ms).await?;
    let mut image = village.image();
    drop(village);
    let residents = u32::try_from(image.state.residents.len()).context("too many")?;
    let base = i64::try_from(image.state.seq)?;
    fill(&mut image, residents, size);
    image.state.seq += u64::from(size.posts) + u64::from(size.comments);
    let last_ms = start_ms + STEP_MS * i64::from(size.posts);
    image.state.stamp_ms = image.state.stamp_ms.max(last_ms);
    // Whoever wrote all that was there until the end.
    for resident in &mut image.state.residents {
        resident.last_seen_ms = image.state.stamp_ms;
    }
    let after = Head {
        batch: before.batch + 1,
        last_seq: i64::try_from(image.state.seq)?,
        stamp_ms: image.state.stamp_ms,
        ..before
    };
    let batch = Batch {
        before,
        after,
        events,
        ..Batch::default()
    };
    store.commit(&batch).await?;
    drop(batch);
    let founding_secs = began.elapsed().as_secs_f64();
    let began = Instant::now();
    rows(&url, &image, base).await?;
    let rows_secs = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let bytes = encode_image(&image)?;
    drop(image);
    let image_bytes = bytes.len();
    let row = ImageRow {
        tick: after.tick,
        last_seq: after.last_seq,
        next_frame: after.next_frame,
        next_order: after.next_order,
        format: i32::try_from(IMAGE_FORMAT)?,
        rules: i32::try_from(RULES_VERSION)?,
        created_ms: after.stamp_ms,
        bytes,
    };
    store.put_image(&row).await?;
    store.close().await;
    Ok(Grown {
        image_bytes,
        residents,
        founding_secs,
        rows_secs,
        image_secs: began.elapsed().as_secs_f64(),
    })
}

fn now_ms() -> Result<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(now.as_millis())?)
}

/// A number that looks like chance.
fn hash(of: u64) -> u64 {
    let mut x = of.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn below(of: u64, end: u32) -> u32 {
    u32::try_from(hash(of) % u64::from(end.max(1))).unwrap_or(0)
}

fn fill(image: &mut WorldImage, residents: u32, size: Size) {
    let start_ms = image.state.stamp_ms;
    let submolts = u32::try_from(image.state.board.submolts.len()).unwrap_or(1);
    let board = &mut image.state.board;
    board.posts = (0..size.posts)
        .map(|no| PostImage {
            author: Some(below(u64::from(no), residents)),
            submolt: below(u64::from(no) ^ 0xA5A5, submolts) as u16,
            created_ms: start_ms + STEP_MS * i64::from(no),
            up: 0,
            down: 0,
            comments: 0,
            news: None,
            status: Status::Open,
            pinned: false,
            locked: false,
            deleted: false,
            link_in_text: false,
            audience: AudienceImage::Public,
            revision: 0,
            edited_ms: 0,
        })
        .collect();
    fill_comments(board, residents, size.comments);
    fill_votes(board, residents, size.votes);
    for no in size.posts.saturating_sub(TEXTS)..size.posts {
        board.post_texts.insert(no, (title(no), text(no)));
    }
    for no in size.comments.saturating_sub(TEXTS)..size.comments {
        board.comment_texts.insert(no, text(no));
    }
}

fn fill_comments(board: &mut BoardImage, residents: u32, comments: u32) {
    let posts = u32::try_from(board.posts.len()).unwrap_or(0);
    // The newest comment of each post, which every third answers.
    let mut newest: Vec<Option<u32>> = vec![None; board.posts.len()];
    for no in 0..comments {
        let post = below(u64::from(no) ^ 0x5A5A_0000, posts);
        let parent = newest[post as usize].filter(|_| no % 3 == 0);
        let depth = parent.map_or(1, |it| board.comments[it as usize].depth + 1);
        let (parent, depth) = if depth > DEPTH {
            (None, 1)
        } else {
            (parent, depth)
        };
        newest[post as usize] = Some(no);
        let on = &mut board.posts[post as usize];
        on.comments += 1;
        let created_ms = on.created_ms + 1;
        board.comments.push(CommentImage {
            post,
            parent,
            author: below(u64::from(no) ^ 0xC0FF_EE00, residents),
            depth,
            created_ms,
            up: 0,
            down: 0,
            deleted: false,
            removed: false,
            revision: 0,
            edited_ms: 0,
        });
    }
}

fn fill_votes(board: &mut BoardImage, residents: u32, votes: u32) {
    let posts = u32::try_from(board.posts.len()).unwrap_or(0);
    for no in 0..votes {
        let post = below(u64::from(no) ^ 0xBEE5_0000, posts);
        let agent = below(u64::from(no) ^ 0xFACE_0000_0000, residents);
        let value = if no % 5 == 0 { -1 } else { 1 };
        // Nobody votes on their own; of two votes the later counts.
        if board.posts[post as usize].author != Some(agent) {
            board.post_votes.insert((post, agent), value);
        }
    }
    for (&(post, _), &value) in &board.post_votes {
        let on = &mut board.posts[post as usize];
        match value {
            1 => on.up += 1,
            _ => on.down += 1,
        }
    }
}

fn title(no: u32) -> String {
    format!("Report {no} from the square")
}

fn text(no: u32) -> String {
    format!(
        "The {no}th look over the square: the baker has sold {} loaves, the smith mended {} pans, and somebody counted {} swallows above the mill before it began to rain.",
        no % 997,
        no % 89,
        no % 1009
    )
}

/// Writes the rows of what the image holds, all in one transaction: ids look like chance, so each row touches pages all over the file.
async fn rows(url: &str, image: &WorldImage, base: i64) -> Result<()> {
    let connect = SqliteConnectOptions::from_str(url)?
        .synchronous(SqliteSynchronous::Off)
        .pragma("cache_size", ROWS_CACHE);
    let mut link = SqliteConnection::connect_with(&connect).await?;
    let mut transaction = link.begin_with("BEGIN IMMEDIATE").await?;
    let (ids, board) = (IdCodec::new(image.state.seed), &image.state.board);
    let member = |no: u32| hex(ids.make::<AgentId>(u64::from(no)).0);
    let post_id = |no: u32| hex(ids.make::<PostId>(u64::from(no)).0);
    let comment_id = |no: u32| hex(ids.make::<CommentId>(u64::from(no)).0);
    let posts = (0..).zip(&board.posts).map(|(no, post)| {
        let slug = &board.submolts[usize::from(post.submolt)];
        json!([
            post_id(no),
            base + 1 + i64::from(no),
            post.created_ms,
            post.author.map(member),
            slug,
            title(no),
            text(no),
            post.up,
            post.down
        ])
    });
    insert(&mut transaction, POSTS, posts).await?;
    let base = base + i64::try_from(board.posts.len())?;
    let comments = (0..).zip(&board.comments).map(|(no, comment)| {
        json!([
            comment_id(no),
            base + 1 + i64::from(no),
            comment.created_ms,
            post_id(comment.post),
            comment.parent.map(comment_id),
            member(comment.author),
            comment.depth,
            text(no)
        ])
    });
    insert(&mut transaction, COMMENTS, comments).await?;
    let votes = board.post_votes.iter().map(|(&(post, agent), &value)| {
        let created_ms = board.posts[post as usize].created_ms;
        json!([member(agent), post_id(post), value, created_ms])
    });
    insert(&mut transaction, VOTES, votes).await?;
    transaction.commit().await?;
    link.close().await?;
    Ok(())
}

async fn insert(
    link: &mut SqliteConnection,
    statement: &'static str,
    rows: impl Iterator<Item = Value>,
) -> Result<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Value> = rows.by_ref().take(ROWS).collect();
        sqlx::query(statement)
            .bind(serde_json::to_string(&chunk)?)
            .execute(&mut *link)
            .await
            .context("rows of a grown village")?;
    }
    Ok(())
}

fn hex(id: uuid::Uuid) -> String {
    id.simple().to_string()
}
