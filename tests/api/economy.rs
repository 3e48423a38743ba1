//! Money from outside: rewards, tiers, payments, deposits, the ledger, bounties.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};

/// A request with an `Idempotency-Key` of its own.
pub(crate) async fn pay(test: &TestApp, path: &str, token: &str, key: &str, body: Value) -> Got {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .expect("it is a request");
    test.send(request).await
}

fn ok(got: Got) -> Value {
    assert!(got.status.is_success(), "{got:?}");
    got.json
}

async fn read(test: &TestApp, path: &str, token: Option<&str>) -> Value {
    ok(test.get(&format!("/api/v1{path}"), token).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_rewards_an_agent_and_its_tier_and_limits_rise_and_a_penalty_brings_it_back() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let person = test.person(Role::Human).await;
    let balance = read(&test, "/economy/balance/Ada", None).await;
    assert_eq!(
        (&balance["balance"], &balance["reserved"]),
        (&json!("25"), &json!("0"))
    );
    let before = read(&test, "/economy/entitlements/Ada", None).await;
    assert_eq!(before["tier"], 0);
    let posted = json!({ "submolt": "general", "title": "A bridge", "content": "Built." });
    let post = ok(test.post("/api/v1/posts", Some(&ada.key), posted).await)["post"]["id"].clone();
    let reward =
        json!({ "agent_id": "Ada", "amount": "30.5", "reason": "fine bridge", "post_id": post });
    let without = test
        .post(
            "/api/v1/economy/reward",
            Some(&person.token),
            reward.clone(),
        )
        .await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert_eq!(without.json["code"], "idempotency_key_missing");
    let given = ok(pay(
        &test,
        "/economy/reward",
        &person.token,
        "r-1",
        reward.clone(),
    )
    .await);
    assert_eq!(
        (&given["amount"], &given["balance"]),
        (&json!("30.5"), &json!("55.5"))
    );
    // The same again is done once, another body under the same key is refused.
    let again = pay(
        &test,
        "/economy/reward",
        &person.token,
        "r-1",
        reward.clone(),
    )
    .await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(ok(again), given);
    let other = json!({ "agent_id": "Ada", "amount": 1, "reason": "other" });
    let refused = pay(&test, "/economy/reward", &person.token, "r-1", other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let after = read(&test, "/economy/entitlements/Ada", None).await;
    assert_eq!(after["tier"], 1);
    let limit = |body: &Value| body["requests_per_min"].as_u64().expect("a number");
    assert_eq!(limit(&after), 2 * limit(&before));
    let got = test.get("/api/v1/home", Some(&ada.key)).await;
    let allowed = got.headers["x-ratelimit-limit"]
        .to_str()
        .expect("digits")
        .to_owned();
    assert_eq!(
        allowed,
        limit(&after).to_string(),
        "the limits of requests ask too"
    );
    let account = &got.json["your_account"];
    assert_eq!(
        (&account["balance"], &account["tier"]),
        (&json!("55.5"), &json!("plus"))
    );
    let seen = read(&test, "/agents/Ada", None).await;
    assert_eq!(
        (&seen["balance"], &seen["tier"], &seen["tier_name"]),
        (&json!("55.5"), &json!(1), &json!("plus"))
    );
    let told = read(&test, "/notifications", Some(&ada.key))
        .await
        .to_string();
    assert!(
        told.contains("fine bridge") && told.contains("tier"),
        "{told}"
    );
    let seen = read(&test, "/agents/me/perception", Some(&ada.key))
        .await
        .to_string();
    assert!(seen.contains("fine bridge"), "{seen}");
    let taken = json!({ "agent_id": ada.id, "amount": 20, "reason": "it fell down" });
    let taken = ok(pay(&test, "/economy/penalize", &person.token, "p-1", taken).await);
    assert_eq!(
        (&taken["amount"], &taken["balance"]),
        (&json!("-20"), &json!("35.5"))
    );
    assert_eq!(
        read(&test, "/economy/entitlements/Ada", None).await["tier"],
        0
    );
    let ruin = json!({ "agent_id": "Ada", "amount": 40, "reason": "twice" });
    let ruin = ok(pay(&test, "/economy/penalize", &person.token, "p-2", ruin).await);
    assert!(
        ruin["message"]
            .as_str()
            .is_some_and(|text| text.contains("35.5 of the 40")),
        "{ruin}"
    );
    // A person has a budget, admins have none.
    let much = json!({ "agent_id": "Ada", "amount": 99, "reason": "much" });
    let refused = pay(&test, "/economy/reward", &person.token, "r-2", much.clone()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
    let admin = test.person(Role::Admin).await;
    ok(pay(&test, "/economy/reward", &admin.token, "r-3", much).await);
    // Why is in the ledger, for the agent itself and not for others.
    let ledger = read(&test, "/economy/ledger/me?limit=2", Some(&ada.key)).await;
    assert_eq!(ledger["entries"][0]["memo"], "much");
    assert_eq!(ledger["has_more"], true);
    let cursor = ledger["next_cursor"].as_str().expect("a cursor");
    let next = read(
        &test,
        &format!("/economy/ledger/me?limit=2&cursor={cursor}"),
        Some(&ada.key),
    )
    .await;
    assert_eq!(next["entries"][0]["code"], "penalty");
    let only = read(&test, "/economy/ledger/me?code=reward", Some(&ada.key)).await;
    assert_eq!(only["count"], 2);
    let csv = test
        .get("/api/v1/economy/ledger/me?format=csv", Some(&ada.key))
        .await;
    let csv = csv.json.as_str().expect("a table").to_owned();
    assert_eq!(csv.lines().count(), 6, "{csv}");
    let bo = test.newcomer("Bo", None).await;
    let others = test.get("/api/v1/economy/ledger/Ada", Some(&bo.key)).await;
    assert_eq!(others.status, StatusCode::FORBIDDEN);
    let audit = read(&test, "/admin/audit", Some(&admin.token))
        .await
        .to_string();
    for act in ["economy.reward", "economy.penalize", "economy.tier"] {
        assert!(audit.contains(act), "{audit}");
    }
    let head = read(&test, "/economy/ledger/head", None).await;
    assert_eq!(head["sum"], "0");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_rewarded_as_a_post_is() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let person = test.person(Role::Human).await;
    let posted = json!({ "submolt": "general", "title": "A bridge", "content": "Who builds it?" });
    let post = ok(test.post("/api/v1/posts", Some(&bo.key), posted).await)["post"]["id"].clone();
    let thread = format!("/api/v1/posts/{}/comments", post.as_str().expect("an id"));
    let said = json!({ "content": "We do." });
    let comment = ok(test.post(&thread, Some(&ada.key), said).await)["comment"]["id"].clone();
    let about = |agent: &str, more: Value| {
        let mut body = json!({ "agent_id": agent, "amount": 1, "reason": "well said" });
        let more = more.as_object().expect("fields").clone();
        body.as_object_mut().expect("an object").extend(more);
        body
    };
    let reward = async |key: &str, body: Value| {
        pay(&test, "/economy/reward", &person.token, key, body).await
    };
    ok(reward("a", about("Ada", json!({ "comment_id": comment }))).await);
    let ledger = read(&test, "/economy/ledger/me?limit=1", Some(&ada.key)).await;
    let entry = &ledger["entries"][0];
    assert_eq!(
        (&entry["memo"], &entry["post_id"]),
        (&json!("well said"), &post)
    );
    let others = reward("b", about("Bo", json!({ "comment_id": comment }))).await;
    assert_eq!(others.status, StatusCode::NOT_FOUND, "{others:?}");
    let both = about("Ada", json!({ "comment_id": comment, "post_id": post }));
    assert_eq!(reward("c", both).await.status, StatusCode::BAD_REQUEST);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn amounts_that_make_no_sense_move_nothing() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    test.newcomer("Bo", None).await;
    let transfers = |head: &Value| head["transfers"].clone();
    let before = transfers(&read(&test, "/economy/ledger/head", None).await);
    for (n, (amount, status)) in [
        (json!("-1"), 400),
        (json!(0), 400),
        (json!("NaN"), 422),
        (json!("0.0000001"), 422),
        (json!(0.0000001), 422),
        (json!("9223372036854775808"), 422),
        (json!(9_223_372_036_854_775_807_i64), 422),
        (json!("1e3"), 422),
        (json!(null), 422),
        (json!("25.000001"), 402),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "to": "Bo", "amount": amount });
        let got = pay(
            &test,
            "/economy/transfer",
            &ada.key,
            &format!("t-{n}"),
            body,
        )
        .await;
        assert_eq!(got.status.as_u16(), status, "{amount}: {got:?}");
        assert!(
            got.json["hint"]
                .as_str()
                .is_some_and(|hint| !hint.is_empty())
        );
    }
    for (n, (to, status)) in [("Ada", 400), ("nobody", 404)].into_iter().enumerate() {
        let body = json!({ "to": to, "amount": 1 });
        let got = pay(
            &test,
            "/economy/transfer",
            &ada.key,
            &format!("u-{n}"),
            body,
        )
        .await;
        assert_eq!(got.status.as_u16(), status, "{got:?}");
    }
    assert_eq!(
        transfers(&read(&test, "/economy/ledger/head", None).await),
        before
    );
    let body = json!({ "to": "Bo", "amount": 0.1, "memo": "thanks" });
    let paid = ok(pay(&test, "/economy/transfer", &ada.key, "t", body).await);
    assert_eq!(
        (&paid["amount"], &paid["balance"]),
        (&json!("0.1"), &json!("24.9"))
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_from_outside_is_credited_once_and_compared_with_a_statement() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let (admin, person) = (
        test.person(Role::Admin).await,
        test.person(Role::Human).await,
    );
    let deposit = json!({ "agent_id": ada.id, "amount": "12.50", "paypal_txn_id": "9XY" });
    let refused = pay(
        &test,
        "/economy/deposits",
        &person.token,
        "d",
        deposit.clone(),
    )
    .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let made = pay(
        &test,
        "/economy/deposits",
        &admin.token,
        "d-1",
        deposit.clone(),
    )
    .await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(made.json["balance"], "37.5");
    let twice = pay(&test, "/economy/deposits", &admin.token, "d-2", deposit).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{twice:?}");
    let csv = "Transaction ID,Gross,agent\n9XY,12.50,Ada\n9XZ,3,Ada\n9XA,4,nobody\n9XB,x,Ada\n9XZ,7,Ada\n";
    let body = json!({ "csv": csv, "credit": true });
    let done = ok(pay(
        &test,
        "/economy/deposits/reconcile",
        &admin.token,
        "s-1",
        body,
    )
    .await);
    let counts = json!({ "matched": 1, "credited_now": 1, "unknown_agent": 1, "unreadable": 1, "repeated": 1 });
    assert_eq!(done["counts"], counts, "{done}");
    let list = read(&test, "/economy/deposits", Some(&admin.token)).await;
    assert_eq!(
        (&list["total"], &list["total_amount"]),
        (&json!(2), &json!("15.5"))
    );
    let stats = read(&test, "/economy/stats", None).await;
    assert_eq!(stats["accounts"]["deposits"], "-15.5");
    assert_eq!(stats["flows"]["deposit_credit"]["count"], 2);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounty_goes_its_way_and_is_accepted_once() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let bo = test.newcomer("Bo", None).await;
    let fee = read(&test, "/bounties/fee?reward=20", None).await;
    assert_eq!(
        (&fee["fee"], &fee["total"]),
        (&json!("0.2"), &json!("20.2"))
    );
    let new = json!({ "title": "Paint the fence", "text": "Blue.", "reward": 20 });
    let made = pay(&test, "/bounties", &ada.key, "b", new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.headers["location"], "/api/v1/bounties/0");
    // Two claims race: one counts.
    let cy = test.newcomer("Cy", None).await;
    let (first, second) = tokio::join!(
        pay(&test, "/bounties/0/claim", &bo.key, "c", json!({})),
        pay(&test, "/bounties/0/claim", &cy.key, "c", json!({})),
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    if second.status == StatusCode::OK {
        ok(pay(&test, "/bounties/0/unclaim", &cy.key, "u", json!({})).await);
        ok(pay(&test, "/bounties/0/claim", &bo.key, "c-2", json!({})).await);
    }
    let done = json!({ "deliverable": "See the fence." });
    ok(pay(&test, "/bounties/0/submit", &bo.key, "s", done).await);
    let public = read(&test, "/bounties/0", None).await;
    assert_eq!(
        (&public["bounty"]["state"], &public["bounty"]["deliverable"]),
        (&json!("submitted"), &Value::Null)
    );
    // Two decisions race: one counts.
    let (first, second) = tokio::join!(
        pay(&test, "/bounties/0/accept", &ada.key, "a-1", json!({})),
        pay(&test, "/bounties/0/accept", &ada.key, "a-2", json!({})),
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(
        read(&test, "/economy/balance/Bo", None).await["balance"],
        "45"
    );
    assert_eq!(
        read(&test, "/economy/balance/Ada", None).await["balance"],
        "4.8"
    );
    // Whose work was accepted is credited.
    let standing = read(&test, "/agents/Bo/reputation", None).await;
    assert_eq!(standing["credits"], 4);
    assert_eq!(standing["bounties"][0]["by"], "Ada");
    assert!(
        standing["bounties"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("accepted"))
    );
    // All of it outlives a restart.
    let folder = test.stop().await;
    let test = TestApp::open(folder, hamlet_api::config::ApiConfig::default()).await;
    assert_eq!(
        read(&test, "/economy/balance/Bo", None).await["balance"],
        "45"
    );
    assert_eq!(
        read(&test, "/bounties?state=accepted", None).await["count"],
        1
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_market_is_open_to_look_at_and_dealt_at_by_who_stands_in_it() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let market = read(&test, "/economy/market", None).await;
    assert_eq!(market["goods"].as_array().map(Vec::len), Some(16));
    let order = json!({ "side": "request", "item": "bread", "price": "0.5" });
    let got = pay(&test, "/economy/orders", &ada.key, "o", order).await;
    assert_eq!(got.status, StatusCode::CONFLICT, "{got:?}");
    let order = json!({ "side": "request", "item": "gold", "price": "0.5" });
    let got = pay(&test, "/economy/orders", &ada.key, "o-2", order).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    let path = "/api/v1/economy/orders/1";
    let got = test.call(Method::DELETE, path, Some(&ada.key), None).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST, "{got:?}");
    assert_eq!(got.json["code"], "idempotency_key_missing");
    let auction = read(&test, "/economy/auction", None).await;
    assert_eq!(auction["on"], false);
    let costs = read(&test, "/economy/costs", Some(&ada.key)).await;
    assert_eq!((&costs["count"], &costs["total"]), (&json!(0), &json!("0")));
    test.stop().await;
}
