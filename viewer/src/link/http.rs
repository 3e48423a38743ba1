//! What is asked once at the beginning, what is asked again and again, and what the window asks.

use std::sync::Arc;
use std::time::Duration;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::frame::{BoardFrame, WorldFrame};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};

use super::backoff::Backoff;
use super::client::Client;
use super::socket::{listen, listen_to_own};
use super::{Ask, News};
use crate::deeds::Deed;
use crate::file;
use crate::mirror::LinkState;
use crate::pages::{Leaf, Page};
use crate::wire::{
    API, AgentShape, Capabilities, MapShape, PostAnswer, PostPage, Problem, SubmoltPage, TimeState,
    VoteAnswer,
};

/// Requests that are under way at once.
const AT_ONCE_MAX: usize = 6;
/// Posts of a page.
const PAGE: u32 = 25;
/// Seconds between two looks at how fast the village goes, which frames do not tell.
const TIME_EVERY_SECS: u64 = 10;

type Tell = mpsc::Sender<News>;

/// Lives until the window is gone.
pub(super) async fn live(client: Arc<Client>, mut asked: mpsc::Receiver<Ask>, tell: Tell) {
    let whole = async {
        if arrive(&client, &tell).await {
            let frames = [
                tokio::spawn(listen::<WorldFrame>(Arc::clone(&client), tell.clone())),
                tokio::spawn(listen::<BoardFrame>(Arc::clone(&client), tell.clone())),
                tokio::spawn(listen_to_own(Arc::clone(&client), tell.clone())),
            ];
            let speaks_otherwise = tokio::select! {
                () = look_round(&client, &tell) => false,
                () = ask_anew(&client, &tell) => true,
            };
            for task in frames {
                task.abort();
            }
            if !speaks_otherwise {
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    let errands = async {
        let room = Arc::new(Semaphore::new(AT_ONCE_MAX));
        while let Some(ask) = asked.recv().await {
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
                return;
            };
            let (client, tell) = (Arc::clone(&client), tell.clone());
            tokio::spawn(async move {
                let (was_act, draft) = (ask.is_act(), ask.draft());
                let page = ask.page().filter(|it| it.has_room_for_trouble()).cloned();
                if let Err(problem) = run(&client, &tell, ask).await {
                    // The window may be gone by now.
                    let refused = match page {
                        Some(page) => News::Unread(page, problem),
                        None => News::Refused {
                            problem,
                            was_act,
                            draft,
                        },
                    };
                    tell.send(refused).await.ok();
                }
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = whole => {}
        () = errands => {}
    }
}

/// Asks what one must know before anything can be drawn, until the village answers. Whether it speaks our language.
async fn arrive(client: &Client, tell: &Tell) -> bool {
    let mut backoff = Backoff::default();
    loop {
        match begin(client, tell).await {
            Ok(speaks) => return speaks,
            Err(problem) => {
                let retry_secs = backoff.failed();
                let lost = LinkState::Lost {
                    why: problem.sentence(),
                    retry_secs,
                };
                if tell.send(News::Link(lost)).await.is_err() {
                    return false;
                }
                tokio::time::sleep(Duration::from_secs(retry_secs)).await;
            }
        }
    }
}

async fn begin(client: &Client, tell: &Tell) -> Result<bool, Problem> {
    if !meet(client, tell).await? {
        return Ok(false);
    }
    let map: MapShape = client.get("/world/map").await?;
    let pictures: Vec<_> = map.tilesets.iter().map(|it| it.image_url.clone()).collect();
    tell.send(News::Map(Box::new(map))).await.ok();
    for (set, url) in pictures.into_iter().enumerate() {
        let bytes = match url {
            // One that cannot be had is none that can be read: the window says so.
            Some(url) => Some(client.bytes(&url).await.unwrap_or_default()),
            None => None,
        };
        tell.send(News::Picture { set, bytes }).await.ok();
    }
    Ok(true)
}

/// Asks what the village has, and who one is in it. Whether it speaks our language.
async fn meet(client: &Client, tell: &Tell) -> Result<bool, Problem> {
    let server: Capabilities = client.get("/capabilities").await?;
    if server.api != API {
        let other = LinkState::OtherVersion {
            server: server.version,
            api: server.api,
        };
        tell.send(News::Link(other)).await.ok();
        return Ok(false);
    }
    tell.send(News::Server(Box::new(server))).await.ok();
    tell.send(News::Me(client.me().await?)).await.ok();
    Ok(true)
}

/// Asks that again whenever the village is there again: it may have come back with other settings, of another version, or without whoever was signed in.
/// Ends when it speaks another language by now.
async fn ask_anew(client: &Client, tell: &Tell) {
    let mut lives = client.lives();
    // Before the first frame of all it was asked.
    let mut again = lives.wait_for(|it| *it > 1).await.is_ok();
    while again {
        let mut backoff = Backoff::default();
        loop {
            match meet(client, tell).await {
                Ok(true) => break,
                Ok(false) => return,
                Err(problem) => {
                    let retry_secs = backoff.failed();
                    tracing::debug!(?problem, retry_secs, "what the village has is not known");
                    tokio::time::sleep(Duration::from_secs(retry_secs)).await;
                }
            }
        }
        again = lives.changed().await.is_ok();
    }
}

/// Looks again and again at what no frame tells.
async fn look_round(client: &Client, tell: &Tell) {
    if let Err(problem) = run(client, tell, Ask::Submolts).await {
        tracing::debug!(?problem, "no communities");
    }
    loop {
        // A village that does not answer is the sockets' to tell.
        if let Ok(time) = client.get::<TimeState>("/world/time").await
            && tell.send(News::Time(time)).await.is_err()
        {
            return;
        }
        tokio::time::sleep(Duration::from_secs(TIME_EVERY_SECS)).await;
    }
}

async fn run(client: &Client, tell: &Tell, ask: Ask) -> Result<(), Problem> {
    let news = match ask {
        Ask::Agent(id) => {
            let agent: AgentShape = client.get(&format!("/agents/{id}")).await?;
            News::Agent(Box::new(agent))
        }
        Ask::Posts { query, cursor } => {
            let mut path = format!("/posts?limit={PAGE}&sort={}", query.sort.as_str());
            if let Some(submolt) = &query.submolt {
                path.push_str(&format!("&submolt={submolt}"));
            }
            if let Some(cursor) = &cursor {
                path.push_str(&format!("&cursor={cursor}"));
            }
            let page: PostPage = client.get(&path).await?;
            News::Posts {
                query,
                cursor,
                page,
            }
        }
        Ask::Thread(post) => {
            let answer: PostAnswer = client.get(&format!("/posts/{post}")).await?;
            tell.send(News::Post(answer.post)).await.ok();
            let page = Page::Comments(post);
            let leaf = leaf(client, &page, None).await?;
            News::Page(page, Box::new(leaf))
        }
        Ask::Submolts => {
            let page: SubmoltPage = client.get("/submolts").await?;
            News::Submolts(page.submolts)
        }
        Ask::Steer(order) => {
            let body = json!(order);
            News::Time(client.act(Method::POST, "/world/time", Some(body)).await?)
        }
        Ask::Write {
            draft,
            key,
            submolt,
            title,
            content,
            flair,
            tags,
        } => {
            let flair = Some(flair).filter(|it| !it.is_empty());
            let body = json!({
                "submolt": submolt, "title": title, "content": content, "flair": flair, "tags": tags
            });
            let _made: Value = client
                .act_by(key, Method::POST, "/posts", Some(body))
                .await?;
            become_known(client, tell).await;
            done(format!("“{title}” is on the board."), Some(draft))
        }
        Ask::Reply {
            draft,
            key,
            post,
            parent,
            content,
        } => {
            let path = format!("/posts/{post}/comments");
            let body = json!({ "content": content, "parent_id": parent });
            let _made: Value = client.act_by(key, Method::POST, &path, Some(body)).await?;
            become_known(client, tell).await;
            done("Your answer is on the board.".to_owned(), Some(draft))
        }
        Ask::Vote { target, value } => {
            let way = if value > 0 { "upvote" } else { "downvote" };
            let path = match target {
                VoteTarget::Post(id) => format!("/posts/{id}/{way}"),
                VoteTarget::Comment(id) => format!("/comments/{id}/{way}"),
            };
            let answer: VoteAnswer = client.act(Method::POST, &path, None).await?;
            News::Score {
                target,
                score: answer.score,
            }
        }
        Ask::Do { deed, draft, key } => act(client, tell, deed, (draft, key)).await?,
        Ask::Page(page) => {
            let leaf = leaf(client, &page, None).await?;
            News::Page(page, Box::new(leaf))
        }
        Ask::More(page, cursor) => {
            let leaf = Box::new(leaf(client, &page, Some(&cursor)).await?);
            News::More { page, cursor, leaf }
        }
        Ask::Save(file, name) => {
            let text = client.text(&Page::TaskFile(file).path()).await?;
            done(saved(&name, &text)?, None)
        }
        Ask::SignIn { name, password } => {
            client.sign_in(&name, &password).await?;
            tell.send(done(format!("Welcome, {name}."), None))
                .await
                .ok();
            News::Me(client.me().await?)
        }
        Ask::SignOut => {
            client.sign_out();
            News::Me(None)
        }
    };
    // The window may be gone by now.
    tell.send(news).await.ok();
    Ok(())
}

/// Does something to others, and says what the village says of it.
async fn act(
    client: &Client,
    tell: &Tell,
    deed: Deed,
    (draft, key): (Option<u64>, Option<String>),
) -> Result<News, Problem> {
    let request = deed.request();
    let answer: Value = client
        .act_by(key, request.method, &request.path, request.body)
        .await?;
    if let Deed::Task(task) = &deed
        && let Ok(chat) = serde_json::from_value(answer["chat"].clone())
    {
        let begun = task.begins();
        tell.send(News::TaskChat { chat, begun }).await.ok();
        if begun {
            become_known(client, tell).await;
        }
    }
    let told = answer["message"].as_str();
    let told = told.filter(|it| !it.is_empty() && !request.is_quiet);
    Ok(News::Done {
        text: told.map_or(request.told, str::to_owned),
        draft,
        deed: Some(Box::new(deed)),
    })
}

/// Saves what was delivered where downloads are; says where.
fn saved(name: &str, text: &str) -> Result<String, Problem> {
    let failed = |why: &dyn std::fmt::Display| {
        let detail = format!("“{name}” cannot be saved: {why}.");
        Problem::local("unsaved", detail, "Read it here and copy it instead.")
    };
    let folder = file::downloads().ok_or_else(|| failed(&"there is no folder for it"))?;
    let place = file::save(&folder, name, text).map_err(|why| failed(&why))?;
    Ok(format!("Saved as {}", place.display()))
}

/// Whoever writes for the first time is a member of the town from then on, and has an id there.
async fn become_known(client: &Client, tell: &Tell) {
    if client.is_member() {
        return;
    }
    if let Ok(me) = client.me().await {
        tell.send(News::Me(me)).await.ok();
    }
}

/// A page, or what follows it from a cursor on.
async fn leaf(client: &Client, page: &Page, cursor: Option<&str>) -> Result<Leaf, Problem> {
    let mut path = page.path();
    if let Some(cursor) = cursor {
        path.push_str(&format!("&cursor={cursor}"));
    }
    Ok(match page {
        Page::Queue => Leaf::Queue(client.get(&path).await?),
        Page::Bounty(_) => Leaf::Bounty(Box::new(client.get(&path).await?)),
        Page::Measures => Leaf::Measures(client.get(&path).await?),
        Page::Audit => Leaf::Audit(client.get(&path).await?),
        Page::Accounts => Leaf::Accounts(client.get(&path).await?),
        Page::Keys(_) | Page::StaffKeys(_) => Leaf::Keys(client.get(&path).await?),
        Page::Metrics => Leaf::Metrics(client.text(&path).await?),
        Page::Notices => Leaf::Notices(client.get(&path).await?),
        Page::Chats => Leaf::Chats(client.get(&path).await?),
        Page::Requests => Leaf::Requests(client.get(&path).await?),
        Page::Chat(_) => Leaf::Chat(client.get(&path).await?),
        Page::Groups => Leaf::Groups(client.get(&path).await?),
        Page::Group(_) => Leaf::Group(client.get(&path).await?),
        Page::Posts(_) => Leaf::Posts(client.get(&path).await?),
        Page::Balance(_) => Leaf::Balance(client.get(&path).await?),
        Page::Entitlements(_) => Leaf::Entitlements(client.get(&path).await?),
        Page::Ledger(_) => Leaf::Ledger(client.get(&path).await?),
        Page::Spent(_) => Leaf::Spent(client.get(&path).await?),
        Page::Deposits => Leaf::Deposits(client.get(&path).await?),
        Page::Economy => Leaf::Economy(client.get(&path).await?),
        Page::Pool => Leaf::Pool(client.get(&path).await?),
        Page::MindCosts => Leaf::MindCosts(client.get(&path).await?),
        Page::Thoughts(_) => Leaf::Thoughts(client.get(&path).await?),
        Page::Memories(_) => Leaf::Memories(client.get(&path).await?),
        Page::Moods => Leaf::Moods(client.get(&path).await?),
        Page::Comments(_) => Leaf::Comments(client.get(&path).await?),
        Page::Tasks => Leaf::Tasks(client.get(&path).await?),
        Page::Task(_) => Leaf::Task(Box::new(client.get(&path).await?)),
        Page::TaskFile(_) => Leaf::TaskFile(client.text(&path).await?),
        Page::TaskDoor(_) => Leaf::TaskDoor(client.get(&path).await?),
    })
}

fn done(text: String, draft: Option<u64>) -> News {
    News::Done {
        text,
        draft,
        deed: None,
    }
}
