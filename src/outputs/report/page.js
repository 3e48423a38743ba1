"use strict";
// Values under the pointer, and a person's ties in the network. The page tells everything without this script too.
(() => {
  const tip = document.getElementById("tip");
  const pad = (n) => String(n).padStart(2, "0");

  const moment = (secs, midnight) => {
    const day = Math.floor((secs - midnight) / 86400) + 1;
    const second = ((secs % 86400) + 86400) % 86400;
    return `day ${day}, ${pad(Math.floor(second / 3600))}:${pad(Math.floor(second / 60) % 60)}`;
  };

  const shown = (value, scale) => {
    if (value === null || value === undefined) return "–";
    if (scale === "share") return `${Math.round(value * 100)} %`;
    if (scale === "mood") return (value > 0 ? "+" : "") + value.toFixed(2);
    const digits = scale === "money" || scale === "index" ? 2 : 1;
    return value.toLocaleString("en", { maximumFractionDigits: digits });
  };

  const nearest = (times, at) => {
    let best = 0;
    for (let i = 1; i < times.length; i++) {
      if (Math.abs(times[i] - at) < Math.abs(times[best] - at)) best = i;
    }
    return best;
  };

  const fill = (data, i) => {
    tip.replaceChildren();
    const head = document.createElement("b");
    head.textContent = moment(data.from + data.times[i], data.midnight);
    tip.append(head);
    const curves = data.stacked ? [...data.curves].reverse() : data.curves;
    for (const curve of curves) {
      if (data.stacked && !curve.values[i]) continue;
      const row = document.createElement("div");
      const dot = document.createElement("i");
      dot.style.background = curve.css;
      const value = document.createElement("span");
      value.textContent = shown(curve.values[i], data.scale);
      row.append(dot, curve.name, value);
      tip.append(row);
    }
  };

  const place = (event) => {
    tip.hidden = false;
    const gap = 16;
    const left = event.clientX + gap + tip.offsetWidth > innerWidth ? event.clientX - gap - tip.offsetWidth : event.clientX + gap;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.max(4, Math.min(event.clientY + gap, innerHeight - tip.offsetHeight - 4))}px`;
  };

  for (const plot of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(plot.dataset.chart);
    const rule = document.createElement("div");
    rule.className = "rule";
    rule.hidden = true;
    plot.append(rule);
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      const [left, top, right, bottom] = data.plot;
      const part = ((event.clientX - box.left) / box.width - left) / (right - left);
      const at = part * (data.to - data.from);
      const i = nearest(data.times, at);
      const x = left + (data.times[i] / (data.to - data.from)) * (right - left);
      rule.style.left = `${x * 100}%`;
      rule.style.top = `${top * 100}%`;
      rule.style.height = `${(bottom - top) * 100}%`;
      rule.hidden = false;
      fill(data, i);
      place(event);
    });
    plot.addEventListener("pointerleave", () => {
      rule.hidden = true;
      tip.hidden = true;
    });
  }

  for (const net of document.querySelectorAll("svg.network")) {
    const ties = [...net.querySelectorAll(".ties path")];
    const nodes = [...net.querySelectorAll("[data-node]")];
    for (const node of net.querySelectorAll("circle")) {
      const mark = `t${node.dataset.node}`;
      node.addEventListener("pointerenter", () => {
        const near = new Set([node.dataset.node]);
        for (const tie of ties) {
          const own = tie.classList.contains(mark);
          tie.classList.toggle("off", !own);
          if (own) for (const name of tie.classList) near.add(name.slice(1));
        }
        for (const other of nodes) {
          other.classList.toggle("off", !near.has(other.dataset.node));
          other.classList.toggle("on", near.has(other.dataset.node));
        }
      });
      node.addEventListener("pointerleave", () => {
        for (const each of [...ties, ...nodes]) each.classList.remove("off", "on");
      });
    }
  }
})();
