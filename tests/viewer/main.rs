//! The window as people have it: a display of its own, a real pointer and real keys.
//!
//! `Xvfb` gives the display, Mesa's software Vulkan draws on it, `xdotool` moves the pointer and presses the keys.
//! A machine that lacks one of them fails these tests: `scripts/test` installs them.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and its line says where"
)]

mod display;
#[path = "../http.rs"]
mod http;
#[path = "../mock.rs"]
mod mock;
mod window;

use std::process::Command;

use serde_json::json;

use mock::Mock;
use window::Window;

#[test]
fn somebody_is_clicked_and_a_post_is_written_answered_and_kept() {
    let window = Window::open();
    window.until("the window is signed in and hears of the town", |it| {
        it["live"] == json!(true)
            && it["me"] == json!("owner")
            && !it["people"].as_object().unwrap().is_empty()
    });

    // Time stands still, so that whoever is clicked stays where they are; the server agrees.
    window.key("space");
    window.until_server("time stands still", |server| {
        server.get("/api/v1/world/time")["state"] == "paused"
    });
    window.until_still();

    let (name, at) = window.somebody();
    window.click(at);
    window.until("whoever was clicked is selected", |it| {
        it["selected"] == json!(name)
    });
    window.key("Escape");
    window.until("nobody is selected", |it| it["selected"].is_null());

    // The same by keys alone.
    window.key("slash");
    window.until("the search field is open", |it| {
        it["search"] == json!(true) && !it["spots"]["Search"].is_null()
    });
    window.click_until("Search", |it| it["writing"] == json!(true));
    window.write(&name);
    window.until("the name is typed", |it| {
        it["drafts"]["Search"] == json!(name)
    });
    window.key("Return");
    window.until("whoever was sought is selected", |it| {
        it["selected"] == json!(name) && it["search"] == json!(false)
    });

    window.click_on_panel("b");
    window.click_until("Write", |it| {
        it["composing"] == json!(true) && !it["spots"]["PostText"].is_null()
    });
    window.click_until("PostTitle", |it| it["writing"] == json!(true));
    window.write("Plum jam for everybody");
    window.until("the title is typed", |it| {
        it["drafts"]["PostTitle"] == json!("Plum jam for everybody")
    });
    window.click_until("PostText", |it| it["writing"] == json!(true));
    window.write("Three jars stand by the fountain.");
    window.until("the text is typed", |it| {
        it["drafts"]["PostText"] == json!("Three jars stand by the fountain.")
    });
    window.click_on("Send");
    window.until_server("the post is on the board of the village", |server| {
        let posts = server.get("/api/v1/posts?sort=new&limit=5");
        posts["posts"].as_array().unwrap().iter().any(|post| {
            post["title"] == "Plum jam for everybody"
                && post["content"] == "Three jars stand by the fountain."
                && post["author"]["name"] == "owner"
        })
    });
    window.until("the fields are empty again", |it| {
        it["composing"] == json!(false) && it["drafts"]["PostTitle"].is_null()
    });

    window.close();
}

#[test]
fn somebody_is_rewarded_and_the_village_has_booked_it() {
    let window = Window::open();
    window.until("the window is signed in and hears of the town", |it| {
        it["live"] == json!(true)
            && it["me"] == json!("owner")
            && !it["people"].as_object().unwrap().is_empty()
    });
    window.key("space");
    window.until_server("time stands still", |server| {
        server.get("/api/v1/world/time")["state"] == "paused"
    });
    window.until_still();
    let (name, at) = window.somebody();
    window.click(at);
    window.until("whoever was clicked is selected", |it| {
        it["selected"] == json!(name)
    });
    let had = window.money(&name);

    window.click_until("Reward", |it| {
        it["asking"] == json!(true) && !it["spots"]["Confirm"].is_null()
    });
    window.click_until("Amount 5", |it| it["drafts"]["Amount"] == json!("5"));
    // Nothing is given without a reason, and the dialog stays.
    window.click_on("Confirm");
    window.click_until("Reason", |it| it["writing"] == json!(true));
    window.write("Kind words by the fountain.");
    window.until("the reason is typed", |it| {
        it["asking"] == json!(true)
            && it["drafts"]["Reason"] == json!("Kind words by the fountain.")
    });
    window.click_on("Confirm");
    window.until_server("the transfer is booked, once", |server| {
        let reward = &server.get("/api/v1/economy/stats")["flows"]["reward"];
        reward["count"] == json!(1) && reward["amount"] == json!("5")
    });
    window.until("the dialog is gone with what was typed in it", |it| {
        it["asking"] == json!(false)
            && it["drafts"]["Reason"].is_null()
            && it["drafts"]["Amount"].is_null()
    });
    assert_eq!(window.money(&name) - had, 5.0, "{name} has it");
    window.close();
}

#[test]
fn a_task_is_given_and_what_came_of_it_is_read_and_saved() {
    const TASK: &str = "Write down who has baked what this week";
    let hamlet = Command::new(env!("CARGO_BIN_EXE_hamlet"));
    let model = Mock::start(hamlet, "");
    let window = Window::open_with(&["--llm", &model.url, "--model", "mock"]);
    window.until("the window is signed in and hears of the town", |it| {
        it["live"] == json!(true)
            && it["me"] == json!("owner")
            && !it["people"].as_object().unwrap().is_empty()
    });
    // Time goes on: a town that stands still may do no work.
    window.key("slash");
    window.until("the search field is open", |it| {
        it["search"] == json!(true) && !it["spots"]["Search"].is_null()
    });
    window.click_until("Search", |it| it["writing"] == json!(true));
    window.write("c-3po");
    window.until("the name is typed", |it| {
        it["drafts"]["Search"] == json!("c-3po")
    });
    window.key("Return");
    window.until("the droid is selected", |it| {
        it["selected"] == json!("c-3po")
    });

    window.click_until("Task", |it| !it["spots"]["TaskText"].is_null());
    let typed = |it: &serde_json::Value| {
        let drafts = it["drafts"].as_object().unwrap();
        drafts.values().any(|text| text == TASK)
    };
    window.click_until("TaskText", |it| it["writing"] == json!(true));
    window.write(TASK);
    window.until("the task is typed", typed);
    let said = |it: &serde_json::Value, author: &str, kind: &str| {
        let all = it["task"].as_array().unwrap();
        let of_kind = all.iter().filter(|it| it["kind"] == kind);
        of_kind.filter(|it| it["author"] == author).count()
    };
    window.send_until(|it| said(it, "person", "message") == 1);
    window.until(
        "the droid has said what it understood, how far it is, and has delivered",
        |it| {
            said(it, "person", "message") == 1
                && said(it, "agent", "requirements") == 1
                && said(it, "agent", "progress") == 1
                && said(it, "agent", "delivery") == 1
        },
    );
    window.until("nothing is left of what was typed", |it| !typed(it));

    window.click_until("Save result.md", |it| {
        let toasts = it["toasts"].as_array().unwrap();
        toasts
            .iter()
            .any(|it| it.as_str().unwrap().starts_with("Saved as"))
    });
    let saved = window.until_saved("result.md");
    assert!(saved.contains(TASK), "{saved}");

    // It answers back, and asks what it was not told.
    window.click_until("TaskReply", |it| it["writing"] == json!(true));
    window.write("By street");
    window.until("the answer is typed", |it| {
        let drafts = it["drafts"].as_object().unwrap();
        drafts.values().any(|text| text == "By street")
    });
    window.send_until(|it| said(it, "person", "message") == 2);
    window.until("it asks back", |it| {
        said(it, "person", "message") == 2 && said(it, "agent", "question") == 1
    });
    window.close();
}

#[test]
fn a_window_that_is_closed_right_after_it_was_opened_ends_well() {
    // What it draws with is still being compiled then. It is closed at each of these moments, for nobody knows which is the worst.
    for moment in ["open", "signed in", "drawn", "open"] {
        let window = Window::open();
        match moment {
            "signed in" => window.until("the window is signed in", |it| it["me"] == json!("owner")),
            "drawn" => window.until("the town is in the picture", |it| {
                !it["people"].as_object().unwrap().is_empty()
            }),
            _ => {}
        }
        // It ends with status 0, and not by a signal.
        window.close();
    }
}

#[test]
fn what_was_begun_is_there_in_the_next_window() {
    let window = Window::open();
    window.until("the window is signed in", |it| {
        it["live"] == json!(true) && it["me"] == json!("owner")
    });
    window.click_on_panel("b");
    window.click_until("Write", |it| !it["spots"]["PostTitle"].is_null());
    window.click_until("PostTitle", |it| it["writing"] == json!(true));
    window.write("Half a thought");
    window.until("it is typed", |it| {
        it["drafts"]["PostTitle"] == json!("Half a thought")
    });
    // Before anybody closes it: a window that breaks loses no more than a few seconds.
    window.until_kept("Half a thought");
    let window = window.reopen();
    window.until("it is there again", |it| {
        it["drafts"]["PostTitle"] == json!("Half a thought")
            && it["live"] == json!(true)
            && !it["people"].as_object().unwrap().is_empty()
    });
    window.close();
}
