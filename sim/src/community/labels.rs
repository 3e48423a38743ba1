//! Labels: tags and statuses of posts, roles of agents.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::community::{
    ATTACHED_MAX, AttachmentImage, CommunityEvent, HOLDERS_MAX, LABELS_MAX, Label, LabelImage,
    LabelKind, LabelTarget, PLACEMENTS, Role, TargetImage, check_label,
};
use hamlet_protocol::ids::{AttachmentId, LabelId};

use super::refused;
use crate::moderation::check_secrets;
use crate::town::{ActResult, Town};

impl Town<'_, '_> {
    /// Adds a label to a community, or changes the one with its key.
    pub(super) fn define_label(&mut self, no: u32, slug: &str, label: &Label) -> ActResult {
        let index = self.submolt_index(slug)?;
        self.check_role(no, index, Role::Moderator)?;
        check_label(label).map_err(|fault| refused(&fault))?;
        for text in [&label.label].into_iter().chain(&label.prompt) {
            check_secrets("a label", text)?;
        }
        let communities = &mut *self.communities;
        let there = communities.labels_of(index);
        let labels = &communities.data.labels;
        let same = there
            .iter()
            .map(|&number| (number, &labels[number as usize]))
            .find(|(_, it)| it.label.key == label.key);
        if let Some((_, before)) = same
            && before.label.kind != label.kind
        {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!(
                    "The label `{}` is a {} and stays one.",
                    label.key,
                    before.label.kind.as_str()
                ),
                "Choose another key for a label of another kind.",
            ));
        }
        if same.is_none() && there.len() >= LABELS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A community has at most {LABELS_MAX} labels."),
                "Change one that is there: define it again with its key.",
            ));
        }
        let label = label.clone();
        let number = match same.map(|(number, _)| number) {
            Some(number) => {
                communities.data.labels[number as usize].label = label.clone();
                number
            }
            None => {
                let number = communities.data.labels.len() as u32;
                communities.data.labels.push(LabelImage {
                    submolt: index,
                    label: label.clone(),
                    created_ms: self.clock.stamp_ms,
                });
                let labels_of = communities.labels_of.entry(index).or_default();
                labels_of.push(number);
                number
            }
        };
        self.touched.label(number);
        let id: LabelId = self.roster.ids.make(u64::from(number));
        let what = Box::new(label);
        self.tell(
            Some(no),
            index,
            CommunityEvent::LabelDefined { label: id, what },
        );
        Ok(Outcome::LabelDefined { label: id })
    }

    /// Puts a label on a post or an agent. A post has one status at most: the one before is taken off.
    pub(super) fn attach_label(
        &mut self,
        no: u32,
        label: LabelId,
        target: LabelTarget,
        placement: &str,
    ) -> ActResult {
        let number = self.label_no(label)?;
        let (index, kind) = self.label_of(number);
        let target_no = self.label_target(no, index, kind, target)?;
        if !PLACEMENTS.contains(&placement) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "A label can't be placed there.",
                format!("Placements are: {}.", PLACEMENTS.join(", ")),
            ));
        }
        let there = self.attached_to(target_no);
        if let Some(&same) = there.iter().find(|it| self.attached_label(**it) == number) {
            let attachment = self.roster.ids.make(u64::from(same));
            return Ok(Outcome::LabelAttached { attachment });
        }
        if kind == LabelKind::Status {
            let before = there.iter().copied().find(|&it| {
                let (_, kind) = self.label_of(self.attached_label(it));
                kind == LabelKind::Status
            });
            if let Some(before) = before {
                self.take_off(Some(no), before);
            }
        } else if there.len() >= ATTACHED_MAX {
            return Err(full(ATTACHED_MAX, "labels on one post or agent"));
        }
        let holders = self.communities.holders.get(&number).map_or(0, Vec::len);
        if holders >= HOLDERS_MAX {
            return Err(full(HOLDERS_MAX, "agents who hold one role"));
        }
        let attachment = self.put_on(no, number, target_no, target, placement);
        Ok(Outcome::LabelAttached { attachment })
    }

    fn put_on(
        &mut self,
        no: u32,
        label: u32,
        target_no: TargetImage,
        target: LabelTarget,
        placement: &str,
    ) -> AttachmentId {
        let communities = &mut *self.communities;
        let number = communities.data.attached;
        communities.data.attached += 1;
        let placement = placement.to_owned();
        let image = AttachmentImage {
            label,
            target: target_no,
            placement: placement.clone(),
            by: no,
            created_ms: self.clock.stamp_ms,
        };
        communities.data.attachments.insert(number, image);
        communities.index(number, label, target_no);
        self.touch_attached(number, label, target_no);
        let attachment: AttachmentId = self.roster.ids.make(u64::from(number));
        let (index, _) = self.label_of(label);
        let event = CommunityEvent::LabelAttached {
            attachment,
            label: self.roster.ids.make(u64::from(label)),
            target,
            placement,
        };
        self.tell(Some(no), index, event);
        attachment
    }

    /// Takes a label off: whoever moderates may, whoever put it there, and whoever holds the role.
    pub(super) fn revoke_label(&mut self, no: u32, attachment: AttachmentId) -> ActResult {
        let number = self.roster.number(attachment);
        let found = number.and_then(|number| {
            let image = self.communities.data.attachments.get(&number)?;
            Some((number, image.label, image.target, image.by))
        });
        let Some((number, label, target, by)) = found else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("No label is attached under the id {attachment}."),
                "Take the attachment's id from the post, or from the community's roles.",
            ));
        };
        let (index, _) = self.label_of(label);
        if by != no && target != TargetImage::Agent(no) {
            self.check_role(no, index, Role::Moderator)?;
        }
        self.take_off(Some(no), number);
        Ok(Outcome::Done)
    }

    /// Takes a label off.
    pub(super) fn take_off(&mut self, by: Option<u32>, number: u32) {
        let communities = &mut *self.communities;
        let Some(image) = communities.data.attachments.remove(&number) else {
            return;
        };
        communities.unindex(number, image.label, image.target);
        self.touch_attached(number, image.label, image.target);
        let (index, _) = self.label_of(image.label);
        let attachment = self.roster.ids.make(u64::from(number));
        self.tell(by, index, CommunityEvent::LabelRevoked { attachment });
    }

    fn touch_attached(&mut self, number: u32, label: u32, target: TargetImage) {
        self.touched.attachment(number);
        self.touched.label(label);
        match target {
            TargetImage::Post(post) => self.touched.post(post),
            TargetImage::Agent(no) => self.touched.member(no),
        }
    }

    fn label_no(&self, label: LabelId) -> Result<u32, Rejection> {
        let labels = self.communities.data.labels.len();
        let number = self.roster.number(label);
        let number = number.filter(|&number| (number as usize) < labels);
        number.ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("There is no label with the id {label}."),
                "Take a label's id from the community's list of labels.",
            )
        })
    }

    /// Community and kind of a label.
    fn label_of(&self, number: u32) -> (u16, LabelKind) {
        let label = &self.communities.data.labels[number as usize];
        (label.submolt, label.label.kind)
    }

    fn attached_label(&self, attachment: u32) -> u32 {
        self.communities.data.attachments[&attachment].label
    }

    /// Numbers of what is attached to something.
    fn attached_to(&self, target: TargetImage) -> Vec<u32> {
        match target {
            TargetImage::Post(post) => self.communities.on_post(post).to_vec(),
            TargetImage::Agent(no) => {
                let member = self.communities.membership(no);
                member.map(|it| it.roles.clone()).unwrap_or_default()
            }
        }
    }

    /// What a label is put on, if one may: roles go to agents and are given by moderators, the rest to posts of the community.
    /// Tags and statuses are put on by moderators, and by authors on their own posts.
    fn label_target(
        &self,
        no: u32,
        index: u16,
        kind: LabelKind,
        target: LabelTarget,
    ) -> Result<TargetImage, Rejection> {
        match (kind, target) {
            (LabelKind::Role, LabelTarget::Agent(agent)) => {
                self.check_role(no, index, Role::Moderator)?;
                self.member_no(agent).map(TargetImage::Agent)
            }
            (LabelKind::Tag | LabelKind::Status, LabelTarget::Post(post)) => {
                let post_no = self.post_no(post)?;
                let record = self.board.post(post_no);
                if record.submolt != index {
                    return Err(Rejection::new(
                        RejectionCode::Invalid,
                        "The label belongs to another community than the post.",
                        "Take a label of the post's own community.",
                    ));
                }
                if record.author == Some(no) {
                    self.may_take_part(no, index)?;
                } else {
                    self.check_role(no, index, Role::Moderator)?;
                }
                Ok(TargetImage::Post(post_no))
            }
            (LabelKind::Role, LabelTarget::Post(_)) => Err(Rejection::new(
                RejectionCode::Invalid,
                "A role is held by an agent, not by a post.",
                "Attach it to an agent.",
            )),
            (LabelKind::Tag | LabelKind::Status, LabelTarget::Agent(_)) => Err(Rejection::new(
                RejectionCode::Invalid,
                "Tags and statuses are put on posts, not on agents.",
                "Attach it to a post, or define a label of the kind `role`.",
            )),
        }
    }
}

fn full(most: usize, what: &str) -> Rejection {
    Rejection::new(
        RejectionCode::Limit,
        format!("There are at most {most} {what}."),
        "Take one off first.",
    )
}
