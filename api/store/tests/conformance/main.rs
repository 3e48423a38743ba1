//! What a store promises, asked of both databases by the same questions.

mod cases;
mod place;
mod samples;

use place::Place;

/// Each case, once per database.
macro_rules! on_both {
    ($($group:ident: $($name:ident),+;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let place = super::Place::sqlite();
                    super::cases::$group::$name(&place).await;
                    place.end().await;
                }
            )+)+
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let place = super::Place::postgres().await;
                    super::cases::$group::$name(&place).await;
                    place.end().await;
                }
            )+)+
        }
    };
}

on_both! {
    batches: a_batch_moves_the_head, a_batch_is_committed_once, a_batch_from_elsewhere_is_refused,
        what_cannot_be_kept_leaves_nothing, a_second_server_is_refused, whoever_lost_the_world_writes_no_more,
        a_lost_connection_is_made_anew, any_text_comes_back;
    events: every_durable_event_becomes_a_row, posts_and_comments_keep_their_texts, many_words_are_read_at_once, votes_set_the_counts,
        what_becomes_of_posts_is_kept_in_its_order, following_and_leaving_are_kept, deeds_for_a_reputation_become_rows,
        pages_follow_each_other;
    ledger: the_ledger_is_kept_as_it_was_and_only_added_to, bounties_go_their_way;
    communities: what_happens_in_communities_is_kept;
    memories: what_minds_remember_comes_back_in_order, erased_words_are_gone;
    moderation: reports_and_what_became_of_them_are_kept;
    side: every_write_comes_back, later_writes_win, the_directory_leaves_out_what_is_over,
        a_large_directory_comes_in_pages, the_audit_log_is_only_added_to, a_person_is_forgotten, an_agent_is_forgotten;
    search: words_are_found_where_they_stand, words_that_stand_everywhere_are_not_weighed, tags_come_in_the_order_of_their_posts, edits_and_deletions_are_followed, what_was_written_before_is_found,
        later_pages_are_of_the_same_things, no_question_is_an_operator;
    social: notices_are_kept_and_read, only_members_read_messages, words_of_the_forgotten_are_gone;
    tasks: task_chats_come_back_and_go_with_their_person;
    images: an_image_comes_back_whole, half_an_image_is_not_seen, an_image_ahead_of_the_head_is_refused,
        old_images_go_but_never_the_newest, what_an_image_needs_is_not_pruned, old_events_and_expired_rows_are_pruned;
    care: a_newer_schema_is_refused, opening_twice_changes_nothing, several_may_open_at_once, missing_frames_are_noticed, tables_have_sizes;
}

mod copies;
mod files;
mod kill;
mod schemas;
