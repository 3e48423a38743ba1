"use strict";
// The access token lives in this page's memory alone.
const form = document.querySelector("form");
const message = document.getElementById("message");
const link = location.pathname.split("/").filter(Boolean).pop();
const say = (text) => { message.textContent = text; };

async function post(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  const answer = await fetch("/api/v1" + path, { method: "POST", headers, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error([json.detail, json.hint].filter(Boolean).join(" "));
  return json;
}

async function signIn(act, name, password) {
  if (act === "register") await post("/auth/register", { name, password });
  return (await post("/auth/login", { name, password })).access_token;
}

const tasks = {
  async claim(act, fields) {
    const token = await signIn(act, fields.name, fields.password);
    const code = document.getElementById("code").textContent;
    const claimed = await post("/claims/" + encodeURIComponent(link) + "/confirm", { code }, token);
    return claimed.message;
  },
  async setup(act, fields) {
    await post("/auth/setup", { token: link, name: fields.name, password: fields.password });
    return "You are the admin of this village. Keep the password safe.";
  },
  async reset(act, fields) {
    await post("/auth/reset", { token: link, password: fields.password });
    return "Your new password is set.";
  },
};

if (form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const act = event.submitter ? event.submitter.value : "";
    const fields = Object.fromEntries(new FormData(form));
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => { button.disabled = true; });
    say("One moment …");
    try {
      say(await tasks[form.dataset.task](act, fields));
      form.hidden = true;
    } catch (fault) {
      say(fault.message);
      buttons.forEach((button) => { button.disabled = false; });
    }
  });
}
