"use strict";
// The report: reads the blocks of data in the page, and builds the page that the address asks for. All text from the data is put
// in as text nodes.
(() => {
  const DAY = 86400;
  const WORDS = { fail: "fails", warn: "warns", pass: "passes", not_evaluated: "not judged" };
  const MARKS = { fail: "✕", warn: "!", pass: "✓", not_evaluated: "–" };
  const ORDER = ["fail", "warn", "not_evaluated", "pass"];
  const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
  const LINES = ["--line", "--line-2", "--line-3", "--line-4"];
  const HEAT = { f: "fail", w: "warn", p: "pass", n: "not_evaluated" };
  const FILTERS = ["q", "monitor", "segment", "version", "status", "from", "until"];
  const ALL = "__all__";
  const cache = new Map();
  const form = document.querySelector("#filters");
  const main = document.querySelector("#main");
  let fleet, plots = [], alive = [], shown = "", task = 0;

  // Elements

  function el(tag, attributes, ...children) {
    const svg = ["svg", "rect", "line", "title", "path"].includes(tag);
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  }
  // A text from the data, isolated so that its direction does not disturb what stands beside it, and cut if it is long.
  function said(value, length = 90) {
    const points = Array.from(String(value ?? ""));
    const text = points.length > length ? `${points.slice(0, length - 1).join("")}…` : points.join("");
    return el("bdi", { title: points.length > length && points.length <= 1000 ? points.join("") : null }, text);
  }
  // The same with a button that shows the whole.
  function whole(value, length = 300) {
    const points = Array.from(String(value ?? ""));
    if (points.length <= length) return el("bdi", {}, points.join(""));
    const node = said(value, length);
    const button = el("button", { type: "button", onclick: () => {
      node.textContent = points.join("");
      button.remove();
    } }, `Show all ${count(points.length)} characters`);
    return el("span", { class: "cut" }, node, button);
  }
  const chip = (status, text) => el("span", { class: `chip ${status}` }, `${MARKS[status]} ${text ?? WORDS[status]}`);

  // Numbers and times

  const count = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en-US"));
  function number(value) {
    if (value === null || value === undefined) return "–";
    if (Number.isInteger(value)) return value.toLocaleString("en-US");
    if (Math.abs(value) < 1e-4) return value.toExponential(2);
    return value.toLocaleString("en-US", { maximumFractionDigits: 9 });
  }
  const percent = (value) => (value === null || value === undefined ? "–" : `${+(100 * value).toPrecision(3)} %`);
  const moment = (value) => (value === null || value === undefined ? "–" : new Date(value * 1000).toISOString().slice(0, 16).replace("T", " "));
  const date = (day) => new Date(day * DAY * 1000).toISOString().slice(0, 10);
  const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
  const verb = (n, one, many) => (n === 1 ? one : many);
  function age(minutes) {
    if (minutes === null || minutes === undefined) return "–";
    if (minutes < 90) return `${Math.round(minutes)} min`;
    return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  }
  const subjectText = (subject) => (subject === "__rows__" ? "all rows" : subject);
  const metricText = (metric) => metric.replaceAll("_", " ");
  const segmentText = (name, value) => (name === ALL || !name ? "" : `${name} = ${value}`);

  // Data

  function unpack(name) {
    if (!cache.has(name)) cache.set(name, read(name));
    return cache.get(name);
  }
  async function read(name) {
    const bytes = Uint8Array.from(atob(document.getElementById(`data-${name}`).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // The address

  function state() {
    const [path, query] = location.hash.replace(/^#/, "").split("?");
    const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
    const found = Object.fromEntries(FILTERS.map((name) => [name, ""]));
    for (const [name, value] of new URLSearchParams(query || "")) if (name in found) found[name] = value;
    return { path: parts, filters: found };
  }
  function address(path, filters) {
    const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
    const text = query.toString();
    return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
  }
  // Filters stay on the way down, except the search and what belongs to another page.
  function link(path, text, attributes = {}) {
    const { filters } = state();
    return el("a", { ...attributes, href: address(path, { from: filters.from, until: filters.until, version: path[0] === state().path[0] ? filters.version : "" }) }, text);
  }
  const monitorLink = (name) => link([name], said(name, 60));
  const columnLink = (monitor, column) => link([monitor, column], said(subjectText(column), 60));
  const hasColumn = (monitor, name) => fleet.monitors.find((m) => m.name === monitor)?.columns.includes(name);
  const subjectLink = (monitor, subject) => (hasColumn(monitor, subject) ? columnLink(monitor, subject) : said(subjectText(subject), 60));

  // What the filters leave

  function limits(filters) {
    const at = (text, missing) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00Z`) / 1000 : missing);
    return [at(filters.from, -Infinity), at(filters.until, Infinity) + DAY];
  }
  const contains = (q, ...texts) => !q || texts.some((text) => String(text ?? "").toLowerCase().includes(q.toLowerCase()));
  const segmentMatches = (wanted, name, value) => !wanted || wanted === name || wanted === segmentText(name, value);
  function incidentMatches(incident, f) {
    const [from, until] = limits(f);
    const status = incident.parts.find((part) => part.is_cause)?.status ?? (incident.severity === "critical" ? "fail" : "warn");
    return (
      (!f.monitor || f.monitor === incident.monitor) &&
      (!f.status || f.status === status || f.status === incident.state || (f.status === "open" && incident.state !== "resolved")) &&
      (!f.version || f.version === incident.model_version) &&
      segmentMatches(f.segment, incident.segment_name, incident.segment_value) &&
      (incident.opened_at ?? 0) < until && (incident.resolved_at ?? Infinity) >= from &&
      contains(f.q, incident.monitor, incident.title, incident.message, incident.subject)
    );
  }
  function findingMatches(finding, f) {
    const [from, until] = limits(f);
    return (
      (!f.status || f.status === finding.status || (f.status === "open" && finding.now)) &&
      (!f.version || finding.windows.some((w) => w[3] === f.version)) &&
      (!f.segment || finding.windows.some((w) => segmentMatches(f.segment, w[4], w[5]))) &&
      (finding.first ?? 0) < until && (finding.last ?? Infinity) >= from &&
      contains(f.q, finding.subject, finding.metric, finding.message, finding.category)
    );
  }

  // Tables; `cells` are texts, numbers or elements

  function table(caption, headings, rows, options = {}) {
    const numeric = new Set(options.numeric || []);
    const head = el("thead", {}, el("tr", {}, headings.map((text, n) => el("th", { scope: "col", class: numeric.has(n) ? "n" : null }, text))));
    const body = el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, n) =>
      el(n ? "td" : "th", { scope: n ? null : "row", class: numeric.has(n) ? "n" : null, "data-label": headings[n] }, cell)))));
    return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption }, el("table", { class: options.stack ? "stack" : null },
      el("caption", { class: options.hideCaption ? "hidden" : null }, caption), head, body));
  }
  // What is built when it is first opened.
  function fold(summary, build, attributes = {}) {
    const node = el("details", { class: "fold", ...attributes }, el("summary", {}, summary));
    node.fill = () => {
      if (!node.isFilled) {
        node.isFilled = true;
        node.append(...[build()].flat());
      }
    };
    node.addEventListener("toggle", () => node.open && node.fill());
    return node;
  }

  // Charts

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function key(line) {
    const dash = line.dash.join(" ");
    const stroke = el("line", { x1: 0, y1: 5, x2: 26, y2: 5, stroke: line.color, "stroke-width": line.width ?? 2, "stroke-dasharray": dash || null });
    return el("li", {}, el("svg", { width: 26, height: 10, "aria-hidden": "true" }, stroke), line.label);
  }
  // spec: title, note, first (day), lines [{label, data, limit}], band {label, low, high}, marks, show (formats a value), full (width)
  function chart(spec, filters) {
    const [from, until] = limits(filters);
    const length = Math.max(0, ...spec.lines.map((line) => line.data.length));
    const picked = Array.from({ length }, (_, n) => n).filter((n) => (spec.first + n) * DAY >= from && (spec.first + n) * DAY < until);
    const xs = picked.map((n) => (spec.first + n) * DAY);
    let next = 0;
    const lines = spec.lines.filter((line) => line.data.some((v) => v !== null)).map((line) => {
      const style = line.limit
        ? { color: css(line.limit === "fail" ? "--fail" : "--warn"), dash: line.limit === "fail" ? [12, 4] : [4, 4], width: 1.25 }
        : { color: css(LINES[next % 4]), dash: DASHES[next++ % 4], width: 1.75 };
      return { ...line, ...style, values: picked.map((n) => line.data[n]) };
    });
    const show = spec.show || number;
    const title = el("figcaption", {}, spec.title, spec.note ? el("span", {}, spec.note) : null);
    const figure = el("figure", { class: spec.full ? "full" : null }, title);
    if (!spec.lines.some((line) => !line.limit && line.data.some((v) => v !== null))) return null;
    if (!xs.length) {
      figure.append(el("p", { class: "quiet" }, "No value in this time."));
      return figure;
    }
    const values = lines[0].values.filter((v) => v !== null);
    const last = values.length ? show(values[values.length - 1]) : "none";
    const plot = el("div", { class: "plot", tabindex: "0", role: "group", "aria-label": `Chart: ${spec.title}. ${lines[0].label}, newest value ${last}. Arrow keys read the values; the table below has all.` });
    const readout = el("p", { class: "readout", "aria-live": "polite" }, `newest: ${lines[0].label} ${last}`);
    const marks = (spec.marks || []).filter((mark) => (mark.until ?? mark.day) * DAY >= xs[0] && mark.day * DAY <= xs[xs.length - 1]);
    const keys = lines.map(key);
    if (spec.band) keys.push(el("li", {}, el("svg", { width: 26, height: 10, "aria-hidden": "true" }, el("rect", { width: 26, height: 10, fill: css("--band"), stroke: css("--quiet"), "stroke-width": .5 })), spec.band.label));
    figure.append(el("ul", { class: "keys" }, keys), plot, readout);
    const read = (n) => `${date(xs[n] / DAY)}: ${lines.map((line) => `${line.label} ${show(line.values[n])}`).join(", ")}`;
    figure.append(fold("Table", () => [
      table(`${spec.title}, by day (UTC)`, ["day", ...lines.map((line) => line.label), ...(spec.band ? [`${spec.band.label}: low`, "high"] : [])],
        picked.map((n, k) => [date(spec.first + n), ...lines.map((line) => show(line.values[k])), ...(spec.band ? [show(spec.band.low[n] ?? null), show(spec.band.high[n] ?? null)] : [])]).reverse(),
        { numeric: lines.map((_, n) => n + 1) }),
      marks.length ? el("p", { class: "quiet" }, `Marks: ${marks.map((m) => `${m.kind === "version" ? `version ${m.label} from` : m.label} ${date(m.day)}${m.until > m.day ? ` to ${date(m.until)}` : ""}`).join("; ")}.`) : "",
    ]));
    plots.push(() => draw(plot, { spec, lines, xs, picked, marks, show, read, readout }));
    return figure;
  }
  function draw(plot, { spec, lines, xs, picked, marks, show, read, readout }) {
    const data = [xs, ...lines.map((line) => line.values)];
    const series = [{}, ...lines.map((line) => ({ label: "", stroke: line.color, width: line.width, dash: line.dash, points: { show: xs.length < 3 || (!line.limit && line.values.filter((v) => v !== null).length < 3) }, spanGaps: Boolean(line.limit) }))];
    const bands = [];
    if (spec.band) {
      for (const side of ["high", "low"]) {
        data.push(picked.map((n) => spec.band[side][n] ?? null));
        series.push({ label: "", stroke: "transparent", points: { show: false } });
      }
      bands.push({ series: [series.length - 2, series.length - 1], fill: css("--band") });
    }
    const axis = { stroke: css("--quiet"), grid: { stroke: css("--rule"), width: 1 }, ticks: { stroke: css("--rule"), width: 1 }, font: "11px system-ui, sans-serif" };
    const shades = (u) => {
      const { ctx } = u;
      ctx.save();
      for (const mark of marks.filter((m) => m.kind !== "version")) {
        const left = Math.max(u.bbox.left, u.valToPos(mark.day * DAY, "x", true));
        const right = Math.min(u.bbox.left + u.bbox.width, u.valToPos((mark.until + 1) * DAY, "x", true));
        ctx.fillStyle = css("--none-soft");
        ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        label(u, mark.label, left);
      }
      ctx.restore();
    };
    const versions = (u) => {
      const { ctx } = u;
      ctx.save();
      ctx.strokeStyle = css("--quiet");
      ctx.setLineDash([3, 3]);
      for (const mark of marks.filter((m) => m.kind === "version")) {
        const x = Math.max(u.bbox.left, u.valToPos(mark.day * DAY, "x", true));
        ctx.beginPath();
        ctx.moveTo(x, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + u.bbox.height);
        ctx.stroke();
        label(u, mark.label, x, 13);
      }
      ctx.restore();
    };
    const label = (u, text, x, down = 0) => {
      u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      u.ctx.fillStyle = css("--quiet");
      u.ctx.textAlign = "left";
      u.ctx.textBaseline = "alphabetic";
      u.ctx.fillText(Array.from(text).slice(0, 16).join(""), x, u.bbox.top - (4 + down) * devicePixelRatio);
    };
    const u = new uPlot({
      width: Math.max(plot.clientWidth, 200), height: 190, series, bands, padding: [marks.length ? 30 : 8, 8, 0, 0], legend: { show: false }, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "UTC"),
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: (_, low, high) => spread(low, high) } },
      axes: [{ ...axis, space: 60, size: 30, values: (_, ticks) => ticks.map((t) => date(t / DAY).slice(5)) }, { ...axis, size: 62, values: (_, ticks) => ticks.map((t) => show(+t.toPrecision(6))) }],
      hooks: { drawAxes: [shades], draw: [versions], setCursor: [(self) => {
        if (self.cursor.idx !== null && self.cursor.idx !== undefined) readout.textContent = read(self.cursor.idx);
      }] },
    }, data, plot);
    let at = xs.length - 1;
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -Infinity, End: Infinity }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      at = Math.min(xs.length - 1, Math.max(0, at + step));
      u.setCursor({ left: u.valToPos(xs[at], "x"), top: 20 });
      readout.textContent = read(at);
    });
    alive.push(u);
  }
  function spread(low, high) {
    if (low === null || high === null || !Number.isFinite(low)) return [0, 1];
    if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) * .1, high + Math.abs(high) * .1];
    const room = (high - low) * .06;
    return [low >= 0 && low < (high - low) * .4 ? 0 : low - room, high + room];
  }
  const flat = (value, length) => new Array(length).fill(value);
  function limitLines(found, length, sign = "") {
    return Object.entries(found || {}).map(([name, value]) => {
      const [status, side] = name.split("_");
      return { label: `${WORDS[status]} ${side} ${sign}${number(value)}`, data: flat(value, length), limit: status };
    });
  }

  // Findings and incidents

  const docs = (page) => `${fleet.docs.replace(/\/$/, "")}/${page}`;
  function help(item) {
    const given = item.runbook || "";
    const page = /^https?:/.test(given) ? given : given.startsWith("docs/") ? docs(given.slice(5)) : item.page ? docs(item.page) : null;
    return [
      item.normal ? [el("dt", {}, "Normal"), el("dd", {}, item.normal)] : null,
      item.means || item.impact ? [el("dt", {}, "It means"), el("dd", {}, [item.means, item.impact].filter(Boolean).join(" "))] : null,
      [el("dt", {}, "What to do"), el("dd", {}, item.do, " ", page ? [el("a", { href: page }, `Runbook: ${item.category}`), ", "] : null, el("a", { href: docs(`metrics.md#${item.metric}`) }, `how ${metricText(item.metric)} is computed`), ".")],
      [el("dt", {}, "Owner"), el("dd", {}, said(item.owner || "nobody"))],
    ];
  }
  function query(text) {
    if (!text) return null;
    const pre = el("pre", { tabindex: "0", role: "group", "aria-label": "Query of the rows" }, text);
    const button = el("button", { type: "button", onclick: async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(pre);
        button.textContent = document.execCommand("copy") ? "Copied" : "Selected: copy it with the keyboard";
      }
      document.querySelector("#live").textContent = button.textContent;
    } }, "Copy the query");
    return [el("dt", {}, "The rows behind it"), el("dd", {}, button, pre)];
  }
  function card(status, heading, line, build, open = false) {
    const node = el("article", { class: `card ${status}` });
    const inner = fold("", () => el("div", { class: "body" }, build()), { class: null });
    inner.querySelector("summary").append(...heading, line);
    node.append(inner);
    if (open) {
      inner.open = true;
      inner.fill();
    }
    return node;
  }
  function incidentCard(incident, open = false) {
    const status = incident.severity === "critical" ? "fail" : incident.severity === "warning" ? "warn" : "not_evaluated";
    const is = incident.state === "resolved" ? `resolved ${moment(incident.resolved_at)}` : incident.state;
    const where = segmentText(incident.segment_name, incident.segment_value);
    const others = incident.parts.filter((part) => !part.is_cause);
    return card(incident.state === "resolved" ? "" : status,
      [chip(status, incident.severity), " ", el("h3", {}, said(incident.title, 120))],
      el("p", { class: "quiet" }, `opened ${moment(incident.opened_at)} · ${is} · ${plural(incident.windows, "window")}${others.length ? ` · explains ${plural(others.length, "other finding")}` : ""}${incident.acknowledged_by ? " · acknowledged" : ""}`),
      () => [
        el("p", {}, whole(incident.message)),
        el("dl", {},
          [el("dt", {}, "Where"), el("dd", {}, monitorLink(incident.monitor), ", ", subjectLink(incident.monitor, incident.subject), where ? [", ", said(where)] : null)],
          help(incident),
          incident.acknowledged_by ? [el("dt", {}, "Acknowledged"), el("dd", {}, said(incident.acknowledged_by), ` at ${moment(incident.acknowledged_at)}`)] : null,
          query(incident.rows_query)),
        others.length ? table("Findings of the same cause", ["finding", "opened", "why it belongs here"], others.map((part) => [[chip(part.status, ""), ` ${metricText(part.metric)} `, subjectLink(incident.monitor, part.subject)], moment(part.opened_at), said([part.explanation, part.explained_by ? `(${part.explained_by})` : ""].join(" "), 160)]), { stack: true }) : null,
      ], open);
  }
  // What was found, without what the page says anyway: "distance PSI 1.058 is above 0.2".
  function sentence(monitor, finding) {
    const start = `${monitor} ${finding.category}: `, text = finding.message || "";
    return text.startsWith(start) ? text.slice(start.length).split(" (")[0] : `${subjectText(finding.subject)}: ${metricText(finding.metric)}`;
  }
  function findingCard(monitor, finding, findings, open = false) {
    const cause = finding.incident ? fleet.incidents.find((one) => one.incident_id === finding.incident) : null;
    const same = finding.incident ? findings.filter((one) => one !== finding && one.incident === finding.incident && one.now === finding.now) : [];
    return card(finding.status,
      [chip(finding.status), " ", el("h3", {}, said(sentence(monitor, finding), 120))],
      el("p", { class: "quiet" }, `${finding.category} · ${plural(finding.count, "window")} · ${moment(finding.first)} to ${moment(finding.last)}`),
      () => [
        el("p", {}, whole(finding.message)),
        el("dl", {},
          hasColumn(monitor, finding.subject) ? [el("dt", {}, "Column"), el("dd", {}, columnLink(monitor, finding.subject))] : null,
          help(finding),
          cause ? [el("dt", {}, "Incident"), el("dd", {}, said(cause.title), ` (${cause.state})`)] : null,
          same.length ? [el("dt", {}, "Same cause"), el("dd", {}, same.slice(0, 12).flatMap((one, n) => [n ? ", " : "", metricText(one.metric), " ", subjectLink(monitor, one.subject)]), same.length > 12 ? ` and ${same.length - 12} more` : "")] : null,
          query(finding.rows_query)),
        table(`Windows${finding.count > finding.windows.length ? `, the ${finding.windows.length} worst of ${count(finding.count)}` : ", the worst first"}`,
          ["window", "from", "until", "version", "segment", "value", "limit"],
          finding.windows.map((w) => [w[0] ?? "–", moment(w[1]), moment(w[2]), said(w[3] === ALL ? "all" : w[3]), said(segmentText(w[4], w[5]) || "all"), number(w[6]), number(w[7])]), { numeric: [5, 6] }),
      ], open);
  }
  function list(items, make, noun, step = 25) {
    const box = el("div");
    const more = (from) => {
      box.append(...items.slice(from, from + step).map(make));
      if (from + step < items.length) {
        const button = el("button", { type: "button", onclick: () => {
          button.remove();
          more(from + step);
        } }, `Show more (${count(items.length - from - step)} left)`);
        box.append(button);
      }
    };
    if (items.length) more(0);
    else box.append(el("p", { class: "quiet" }, noun));
    return box;
  }

  // Overview

  const worst = (monitor) => ORDER.find((status) => monitor.gates.some((gate) => gate.status === status)) ?? "not_evaluated";
  function overview(filters) {
    const incidents = fleet.incidents.filter((one) => incidentMatches(one, filters));
    const open = incidents.filter((one) => one.state !== "resolved");
    const act = open.filter((one) => one.severity !== "info");
    const info = open.filter((one) => one.severity === "info");
    const past = incidents.filter((one) => one.state === "resolved");
    const monitors = fleet.monitors.filter((one) => (!filters.monitor || one.name === filters.monitor) &&
      (!["fail", "warn", "pass", "not_evaluated"].includes(filters.status) || worst(one) === filters.status) &&
      (filters.status !== "open" || open.some((i) => i.monitor === one.name)) && (!filters.version || one.versions.includes(filters.version)) &&
      (!filters.segment || one.segments.includes(filters.segment.split(" = ")[0])) &&
      (contains(filters.q, one.name, one.owner) || one.columns.some((column) => contains(filters.q, column)) || incidents.some((i) => i.monitor === one.name)));
    const failing = monitors.filter((one) => worst(one) === "fail").length;
    const sum = (name) => monitors.reduce((total, one) => total + one[name], 0);
    const status = act.some((one) => one.severity === "critical") || failing ? "fail" : act.length || sum("warning") ? "warn" : "pass";
    const headline = fleet.has_incidents
      ? act.length ? `${plural(act.length, "incident")} ${verb(act.length, "is", "are")} open` : "No incident needs action"
      : failing ? `${failing} of ${plural(monitors.length, "monitor")} ${verb(failing, "fails", "fail")}` : "No monitor fails";
    const rank = (one) => [ORDER.indexOf(worst(one)), -open.filter((i) => i.monitor === one.name && i.severity !== "info").length, -one.failing];
    monitors.sort((a, b) => rank(a).map((v, n) => v - rank(b)[n]).find(Boolean) ?? a.name.localeCompare(b.name));
    const found = filters.q ? fleet.monitors.filter((one) => !filters.monitor || one.name === filters.monitor)
      .flatMap((one) => one.columns.filter((column) => contains(filters.q, column)).map((column) => [one.name, column])) : [];
    return [
      el("section", { class: `verdict ${status}` }, el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, `${MARKS[status]} `), headline),
        el("p", {}, `${failing} of ${plural(monitors.length, "monitor")} ${verb(failing, "has", "have")} a failing gate: ${plural(sum("failing"), "finding")} ${verb(sum("failing"), "fails", "fail")}, ${plural(sum("warning"), "finding")} newly ${verb(sum("warning"), "warns", "warn")}.`)),
      fleet.has_incidents ? [el("h2", {}, `Broken now (${act.length})`), list(act, (one, n) => incidentCard(one, n === 0), "No incident of severity critical or warning is open.")] : null,
      info.length ? fold(`${plural(info.length, "open incident")} of severity info`, () => list(info, (one) => incidentCard(one), "")) : null,
      filters.q ? [el("h2", {}, `Columns with “${Array.from(filters.q).slice(0, 40).join("")}” (${found.length})`),
        found.length ? el("p", {}, found.slice(0, 60).flatMap(([monitor, column], n) => [n ? " · " : "", monitorLink(monitor), " / ", columnLink(monitor, column)]), found.length > 60 ? ` · and ${found.length - 60} more` : "") : el("p", { class: "quiet" }, "None.")] : null,
      el("h2", {}, `Monitors (${monitors.length})`),
      table("Monitors, the worst first", ["monitor", "gates", "failing", "newly warning", "open incidents", "newest data", "ready", "last run", "owner"], monitors.map((one) => [
        [monitorLink(one.name), el("br"), chip(worst(one))],
        one.gates.filter((gate) => gate.status !== "pass").length ? one.gates.filter((gate) => gate.status !== "pass").map((gate) => [el("span", { class: `chip ${gate.status}` }, `${MARKS[gate.status]} ${gate.category}`), " "]) : el("span", { class: "quiet" }, `all ${one.gates.length} pass`),
        count(one.failing), count(one.warning), openText(open.filter((i) => i.monitor === one.name)),
        one.fresh ? [moment(one.fresh.newest_event_time), el("br"), el("span", { class: "quiet" }, `${age(one.fresh.event_age_minutes)} old at ${moment(one.fresh.window_end)}`)] : "–",
        ready(one.ready), one.run ? [moment(one.run.recorded_at), el("br"), el("span", { class: "quiet" }, metricText(one.run.run_case))] : "–", said(one.owner || "nobody", 40),
      ]), { numeric: [2, 3, 4], stack: true }),
      fleet.has_incidents ? [el("h2", {}, `Was broken (${past.length})`), past.length ? fold(`${plural(past.length, "resolved incident")}, newest first`, () => list(past, (one) => incidentCard(one), "")) : el("p", { class: "quiet" }, "None in this time.")] : null,
    ];
  }
  function openText(open) {
    const info = open.filter((one) => one.severity === "info").length;
    return [count(open.length - info), info ? [el("br"), el("span", { class: "quiet" }, `and ${count(info)} info`)] : null];
  }
  function ready(r) {
    const windows = r.judged_windows === "none" ? "too few rows to judge distributions" : r.judged_windows ? `judges ${metricText(r.judged_windows)}` : "no baseline yet";
    return [`baseline of ${plural(r.baseline_days, "day")}`, el("br"), el("span", { class: "quiet" }, windows, r.unjudged.length ? `, ${plural(r.unjudged.length, "feature")} not judged` : "")];
  }

  // Monitor

  function tiles(gates) {
    return el("ul", { class: "tiles" }, gates.map((gate) => {
      const little = gate.judged < gate.all / 2;
      const reason = gate.reasons.map(([name]) => metricText(name || "no reason")).join(", ");
      return el("li", { class: gate.status }, el("h3", {}, gate.category), chip(gate.status),
        el("p", {}, [gate.failing ? `${plural(gate.failing, "finding")} ${verb(gate.failing, "fails", "fail")} (${plural(gate.checks.fail ?? 0, "check")})` : "", gate.warning ? `${count(gate.warning)} newly ${verb(gate.warning, "warns", "warn")}` : "", gate.checks.repeat ? `${plural(gate.checks.repeat, "warning")} repeated` : ""].filter(Boolean).join(", ") || null),
        el("p", {}, little ? el("b", {}, `Judges little: ${count(gate.judged)} of ${plural(gate.all, "check")}`) : `judges ${count(gate.judged)} of ${plural(gate.all, "check")}`, reason ? `; not: ${reason}` : ""));
    }));
  }
  function lines(series, names) {
    return Object.entries(names).filter(([name]) => series[name]).map(([name, label]) => ({ label, data: series[name] }));
  }
  async function monitorPage(entry, filters) {
    const m = await unpack(`monitors-${entry.n}`);
    const base = { first: m.first_day, marks: m.marks };
    const draw = (spec) => chart({ ...base, ...spec }, filters);
    const findings = m.findings.filter((one) => findingMatches(one, filters));
    const now = findings.filter((one) => one.now), before = findings.filter((one) => !one.now);
    const open = fleet.incidents.filter((one) => one.monitor === m.name && one.state !== "resolved" && one.severity !== "info" && incidentMatches(one, { ...filters, monitor: "" }));
    const status = worst(entry);
    const chosen = (versions) => Object.keys(versions).filter((v) => (filters.version ? v === filters.version || v === ALL && !versions[filters.version] : v === ALL || !versions[ALL]));
    const scores = Object.entries(m.outputs).flatMap(([name, versions]) => {
      const shown = Object.entries(versions).filter(([version]) => !filters.version || version === filters.version);
      return [
        draw({ title: name, note: "mean of the day, by version", lines: shown.map(([version, s]) => ({ label: version === ALL ? "mean" : `version ${version}`, data: s.mean ?? [] })) }),
        ...shown.filter(([, s]) => s.psi).map(([version, s]) => draw({ title: `${name}: distance from the baseline`, note: `PSI above its expectation${version === ALL ? "" : `, version ${version}`}; within noise it says nothing`, lines: [{ label: "PSI", data: s.psi }, { label: "noise and usual variation", data: s.noise ?? [] }] })),
      ];
    });
    const performance = Object.entries(m.performance).flatMap(([measure, versions]) => chosen(versions).map((version) => {
      const s = versions[version];
      const show = measure === "label_coverage" ? percent : number;
      const late = s.immature_from === null ? "" : `; not all labels are there from ${date(s.immature_from)}`;
      return draw({
        title: measure === "label_coverage" ? "coverage of labels" : metricText(measure), show,
        note: `${version === ALL ? "all versions" : `version ${version}`}, 99.9 % interval${late}`,
        lines: [...lines(s, { value: "realised", baseline_value: "baseline", naive_value: "naive model", estimated_value: "estimated without labels" })],
        band: s.value_low && s.value_high ? { label: "interval", low: s.value_low, high: s.value_high } : null,
      });
    }));
    return [
      el("section", { class: `verdict ${status}` }, el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, `${MARKS[status]} `), whole(m.name, 80)),
        el("p", {}, `${plural(entry.failing, "finding")} ${verb(entry.failing, "fails", "fail")}, ${plural(entry.warning, "finding")} newly ${verb(entry.warning, "warns", "warn")}; ${plural(open.length, "open incident")}.`),
        el("p", { class: "quiet" }, `${m.task} · owner `, said(m.owner || "nobody"), ` · days are UTC, local time is ${m.time_zone || "UTC"} · `, m.run ? `last run ${moment(m.run.recorded_at)} (${metricText(m.run.run_case)}) · ` : "", m.fresh ? `newest data ${moment(m.fresh.newest_event_time)} · ` : "", `baseline of ${plural(m.ready.baseline_days, "day")}`)),
      m.ready.unjudged.length ? el("p", { class: "quiet" }, "Not judged in the last 28 days: ", m.ready.unjudged.flatMap(([subject, reason], n) => [n ? ", " : "", subjectLink(m.name, subject), ` (${metricText(reason)})`])) : null,
      el("h2", {}, `Gates (${m.gates.length})`), tiles(m.gates),
      open.length ? [el("h2", {}, `Broken now (${open.length})`), list(open, (one, n) => incidentCard(one, n === 0), "")] : null,
      el("h2", {}, `Findings of the gates (${now.length})`), list(now, (one) => findingCard(m.name, one, m.findings), "None that the filters leave."),
      before.length ? fold(`${plural(before.length, "finding")} from before the gates look`, () => list(before, (one) => findingCard(m.name, one, m.findings), "")) : null,
      el("h2", {}, `Columns (${m.columns.length})`), heatMap(m, filters),
      el("h2", {}, "Traffic"),
      el("div", { class: "charts" },
        draw({ title: "Volume", note: "rows per day", lines: lines(m.volume, { current_rows: "usable rows", expected_rows: "expected rows", logged_rows: "logged rows" }) }),
        draw({ title: "Rejected and repeated rows", note: "share of the logged rows", show: percent, lines: lines(m.rates, { quarantine_rate: "in quarantine", duplicate_rate: "duplicates", error_rate: "errors" }) }),
        Object.keys(m.latency).length ? draw({ title: "Latency of the service", note: "milliseconds", lines: lines(m.latency, { latency_p50: "median", latency_p95: "95 %", latency_p99: "99 %" }) }) : null,
        draw({ title: "Delay of the log", note: "minutes from event to ingest", lines: lines(m.lag, { ingest_lag_p50_minutes: "median", ingest_lag_p95_minutes: "95 %" }) }),
        draw({ title: "Quality score", note: "worst hour of the day, 0 to 1", lines: lines(m.quality, Object.fromEntries(Object.keys(m.quality).map((name) => [name, name]))) }),
        Object.keys(m.joins).length ? draw({ title: "Joins", note: "share of the rows with a partner", show: percent, lines: Object.entries(m.joins).map(([label, data]) => ({ label, data })) }) : null),
      performance.length ? [el("h2", {}, "Performance"), el("div", { class: "charts" }, performance)] : null,
      scores.length ? [el("h2", {}, "Score and prediction"), el("div", { class: "charts" }, scores)] : null,
      m.not_judged.length ? [el("h2", {}, "What the gates could not judge"), table("Checks that could not be evaluated", ["category", "metric", "checks", "subjects", "why"], m.not_judged.map((row) => [row.category, metricText(row.metric), count(row.checks), row.subjects === 1 ? said(subjectText(row.subject), 40) : count(row.subjects), `${metricText(row.reason || "")}${fleet.reasons[row.reason] ? `: ${fleet.reasons[row.reason]}` : ""}`]), { numeric: [2], hideCaption: true })] : null,
    ];
  }
  function heatMap(m, filters) {
    const [from, until] = limits(filters);
    const days = Array.from({ length: m.day_count }, (_, n) => n).filter((n) => (m.first_day + n) * DAY >= from && (m.first_day + n) * DAY < until);
    const tally = (column) => days.reduce((found, n) => (found[column.heat[n]] = (found[column.heat[n]] ?? 0) + 1, found), {});
    const recent = (column) => days.reduceRight((found, n) => found ?? (column.heat[n] === "f" ? n : null), null) ?? -1;
    const columns = m.columns.filter((column) => contains(filters.q, column.name, column.role) && (!["fail", "warn", "pass"].includes(filters.status) || tally(column)[filters.status[0]]))
      .map((column) => ({ ...column, tally: tally(column), recent: recent(column) }))
      .sort((a, b) => (b.findings[0] - a.findings[0]) || (b.findings[1] - a.findings[1]) || (b.recent - a.recent) || ((b.tally.w ?? 0) - (a.tally.w ?? 0)) || a.name.localeCompare(b.name));
    if (!columns.length || !days.length) return el("p", { class: "quiet" }, "No column that the filters leave.");
    const box = el("figure", { class: "full" }, el("figcaption", {}, "Findings of columns by day", el("span", {}, `${date(m.first_day + days[0])} to ${date(m.first_day + days[days.length - 1])}, the worst first. Select a column to see why.`)),
      el("ul", { class: "keys" }, Object.values(HEAT).map((status) => el("li", {}, chip(status))), el("li", {}, "empty: no rows")));
    const body = el("div");
    const show = (n) => {
      const rows = columns.slice(0, n);
      const canvas = el("canvas", { role: "img", "aria-label": `Heat map of ${rows.length} columns by day; the table below has the counts.`, onclick: (event) => {
        const row = rows[Math.floor(event.offsetY / 20)];
        if (row) location.hash = link([m.name, row.name], "").getAttribute("href");
      } });
      body.replaceChildren(el("div", { class: "heat" }, el("ul", {}, rows.map((column) => el("li", {}, columnLink(m.name, column.name)))), el("div", {}, canvas)));
      if (n < columns.length) body.append(el("button", { type: "button", onclick: () => show(columns.length) }, `Show all ${columns.length} columns`));
      const paint = () => drawHeat(canvas, rows, days);
      if (canvas.isConnected) paint();
      else plots.push(paint);
    };
    show(25);
    box.append(body, fold("Table", () => table("Days of each column", ["column", "role", "fails", "warns", "judged without a finding", "not judged", "last failing day"],
      columns.map((column) => [columnLink(m.name, column.name), metricText(column.role), count(column.tally.f ?? 0), count(column.tally.w ?? 0), count(column.tally.p ?? 0), count(column.tally.n ?? 0), column.recent < 0 ? "–" : date(m.first_day + column.recent)]), { numeric: [2, 3, 4, 5] })));
    return box;
  }
  function drawHeat(canvas, rows, days) {
    const width = canvas.parentElement.clientWidth, height = rows.length * 20, scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const ctx = canvas.getContext("2d");
    ctx.scale(scale, scale);
    const cell = width / days.length, tones = {};
    for (const status of Object.values(HEAT)) tones[status] = [css(`--${status === "not_evaluated" ? "none" : status}`), css(`--${status === "not_evaluated" ? "none" : status}-soft`)];
    // Findings are drawn after the rest, which they may overlap.
    for (const strong of [false, true]) rows.forEach((column, y) => days.forEach((n, x) => {
      const letter = column.heat[n], status = HEAT[letter];
      if (!status || strong !== (letter === "f" || letter === "w")) return;
      ctx.fillStyle = tones[status][strong ? 0 : 1];
      // A failure fills its cell, a warning its lower half, so that they differ in shape too; a narrow cell is widened to be seen.
      const wide = strong ? Math.max(cell, letter === "f" ? 5 : 3) : cell;
      ctx.fillRect(Math.min(x * cell, width - wide), y * 20 + (letter === "w" ? 10 : 1), wide - (cell > 4 ? 1 : 0), letter === "w" ? 9 : 18);
      if (letter === "n" && cell >= 2) {
        ctx.fillStyle = tones[status][0];
        ctx.fillRect(x * cell + cell / 2 - .5, y * 20 + 9, 1.5, 1.5);
      }
    }));
  }

  // Column

  async function columnPage(entry, name, filters) {
    const [m, columns] = await Promise.all([unpack(`monitors-${entry.n}`), unpack(`columns-${entry.n}`)]);
    const head = m.columns.find((column) => column.name === name), body = columns[name];
    if (!head || !body) return missing(`${entry.name} has no column of this name.`);
    const length = m.day_count, base = { first: m.first_day, marks: m.marks };
    const draw = (spec) => chart({ ...base, ...spec }, filters);
    const findings = m.findings.filter((one) => one.subject === name && findingMatches(one, { ...filters, q: "" }));
    const status = head.findings[0] ? "fail" : head.findings[1] ? "warn" : /[pfw]/.test(head.heat.slice(-28)) ? "pass" : "not_evaluated";
    const unit = head.unit ? ` in ${head.unit}` : "";
    const versions = Object.entries(body.versions).filter(([version]) => !filters.version || version === filters.version || version === ALL);
    const sum = (a, b, k) => a.map((v, n) => (v === null || b?.[n] === null || b?.[n] === undefined ? null : v + k * b[n]));
    const of = (version) => (version === ALL ? "" : `, version ${version}`);
    const charts = versions.flatMap(([version, s]) => {
      const spreads = body.limits.mean?.fail_above ?? body.limits.mean?.warn_above;
      return [
        s.psi ? draw({ title: "Distance from the baseline", note: `PSI above its expectation${of(version)}; a finding needs to be above its limit and above noise`, lines: [{ label: "PSI", data: s.psi }, { label: "noise and usual variation", data: s.noise ?? [] }, ...limitLines(body.limits.psi, length)] }) : null,
        s.mean ? draw({
          title: `Mean${unit}`, note: `of the day${of(version)}${s.scale && spreads ? `, within ${number(spreads)} spreads of the median of the 28 days before` : ""}`,
          lines: [{ label: "mean", data: s.mean }, { label: "median of the 28 days before", data: s.center ?? [] }, ...(s.reference_mean !== null ? [{ label: "baseline", data: flat(s.reference_mean, length) }] : [])],
          band: s.scale && s.center && spreads ? { label: `± ${number(spreads)} spreads`, low: sum(s.center, s.scale, -spreads), high: sum(s.center, s.scale, spreads) } : null,
        }) : null,
      ];
    });
    return [
      el("section", { class: `verdict ${status}` }, el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, `${MARKS[status]} `), whole(name, 80)),
        el("p", {}, `${metricText(head.role)} of `, monitorLink(entry.name), ` · ${head.kind}${head.unit ? ` · unit ${head.unit}` : ""}${head.importance !== null ? ` · importance ${number(head.importance)}` : ""}${head.personal ? " · personal data: values are not shown" : ""}`)),
      el("h2", {}, `Findings (${findings.length})`), list(findings, (one, n) => findingCard(m.name, one, m.findings, n === 0 && one.now), "None that the filters leave."),
      body.histograms ? [el("h2", {}, "Histogram"), histograms(body.histograms, head, filters)] : null,
      el("h2", {}, "Over time"),
      el("div", { class: "charts" }, charts,
        body.p50 ? draw({ title: `Quantiles${unit}`, note: "of the day", lines: [{ label: "median", data: body.p50 }, { label: "1 %", data: body.p1 ?? [] }, { label: "99 %", data: body.p99 ?? [] }] }) : null,
        body.nulls ? draw({ title: "Missing values", note: "share of the rows", show: percent, lines: [{ label: "missing", data: body.nulls }, ...limitLines(body.limits.nulls, length).map((line) => ({ ...line, label: line.label.replace(/[\d.]+$/, (v) => percent(+v)) }))] }) : null),
      segments(body, filters), relations(m.name, body),
    ];
  }
  function histograms(found, head, filters) {
    const versions = Object.keys(found);
    const box = el("figure", { class: "full" });
    const start = filters.version && found[filters.version] ? filters.version : versions[versions.length - 1];
    const show = (version, day) => {
      const h = found[version], days = Object.keys(h.days).sort((a, b) => b - a), at = day && h.days[day] ? day : days[0];
      const now = h.days[at], total = (values) => values.reduce((a, b) => a + b, 0);
      const n = total(now), base = h.bins.map((bin) => bin[5]), ref = h.bins.map((bin) => bin[6]), b = total(base), r = total(ref);
      const rows = h.bins.map((bin, k) => ({ bin, now: now[k], p: n ? now[k] / n : null, q: b ? base[k] / b : null, t: r ? ref[k] / r : null })).filter((row) => row.p || row.q || row.t);
      const compared = (row) => (row.q ?? row.t ?? null);
      const moved = rows.reduce((sum, row) => sum + (compared(row) === null ? 0 : Math.abs(row.p - compared(row))), 0);
      const change = (row) => (compared(row) === null ? null : row.p - compared(row));
      const largest = Math.max(...rows.map((row) => Math.max(row.p ?? 0, row.q ?? 0, row.t ?? 0)), 1e-9);
      const choose = (label, values, value, pick) => (values.length > 1 ? el("label", {}, `${label} `, el("select", { onchange: (event) => pick(event.target.value) }, values.map(([v, text]) => el("option", { value: v, selected: v === value }, text)))) : null);
      const bars = (row) => el("svg", { viewBox: "0 0 100 26", preserveAspectRatio: "none", "aria-hidden": "true" },
        row.q !== null ? el("rect", { class: "bar-base", x: 0, y: 15, width: 100 * row.q / largest, height: 7 }) : null,
        el("rect", { class: "bar-now", x: 0, y: 3, width: 100 * (row.p ?? 0) / largest, height: 11 }),
        row.t !== null ? el("line", { class: "bar-ref", x1: 100 * row.t / largest, x2: 100 * row.t / largest, y1: 1, y2: 25 }) : null);
      const sample = (shape) => el("svg", { width: 26, height: 12, "aria-hidden": "true" }, shape);
      const top = [...rows].filter((row) => change(row)).sort((x, y) => Math.abs(change(y)) - Math.abs(change(x)))[0];
      box.replaceChildren(
        el("figcaption", {}, `Day of ${date(+at)}${version === ALL ? "" : `, version ${version}`}`, el("span", {}, `${count(n)} rows, beside ${b ? `${count(b)} of the baseline` : "no baseline"}${r ? ` and ${count(r)} of the training set` : ""}. `,
          top && moved > 0 ? [`The largest change: `, said(top.bin[2], 60), `, ${percent(compared(top))} to ${percent(top.p)}.`] : "")),
        choose("Day", days.map((d) => [d, date(+d)]), at, (v) => show(version, v)) ?? "", choose("Version", versions.map((v) => [v, v === ALL ? "all" : v]), version, (v) => show(v, at)) ?? "",
        el("ul", { class: "keys" }, el("li", {}, sample(el("rect", { class: "bar-now", width: 26, height: 11 })), "this day (thick bar)"), b ? el("li", {}, sample(el("rect", { class: "bar-base", y: 3, width: 26, height: 6 })), "baseline (thin bar)") : "", r ? el("li", {}, sample(el("line", { class: "bar-ref", x1: 13, x2: 13, y1: 0, y2: 12 })), "training set (line)") : ""),
        el("div", { class: "hist" }, rows.flatMap((row) => [el("div", {}, said(row.bin[2] ?? "–", 40)), el("div", {}, bars(row)), el("div", { class: "n" }, percent(row.p))])),
        fold("Table", () => table(`Bins on ${date(+at)}; the part is each bin's share of all changes`, ["bin", "rows", "share", "baseline", "training set", "change in points", "part of the change"],
          rows.map((row) => [whole(row.bin[2] ?? "–", 80), count(row.now), percent(row.p), percent(row.q), percent(row.t), change(row) === null ? "–" : `${+(100 * change(row)).toPrecision(3)}`, change(row) === null || !moved ? "–" : percent(Math.abs(change(row)) / moved)]), { numeric: [1, 2, 3, 4, 5, 6] })));
    };
    show(start);
    return box;
  }
  function segments(body, filters) {
    if (!body.segments) return null;
    const rows = body.segments.filter(([name, value, version]) => segmentMatches(filters.segment, name, value) && (!filters.version || version === ALL || version === filters.version))
      .sort((a, b) => (b[3]?.[2] ?? -9) - (a[3]?.[2] ?? -9) || (b[4]?.[2] ?? -9) - (a[4]?.[2] ?? -9));
    const cells = (v) => (v ? [`${number(v[2])} (noise ${number(v[3])})`, count(v[1])] : ["–", "–"]);
    const note = body.segment_count > body.segments.length ? `; the ${body.segments.length} worst of ${count(body.segment_count)}` : "";
    return [el("h2", {}, "Worst segments"), rows.length ? table(`Distance from the baseline by segment, on the newest day and on the worst${note}`, ["segment", "version", "PSI, newest day", "rows", "PSI, worst day", "rows", "worst day"],
      rows.map(([name, value, version, now, bad]) => [said(segmentText(name, value), 60), said(version === ALL ? "all" : version), ...cells(now), ...cells(bad), bad ? date(bad[0]) : "–"]), { numeric: [2, 3, 4, 5] }) : el("p", { class: "quiet" }, "None that the filters leave.")];
  }
  function relations(monitor, body) {
    if (!body.relations) return null;
    return [el("h2", {}, "Relations to other columns"), table(`Correlations on ${date(body.relations[0][1])}, beside the baseline`, ["column", "correlation", "baseline", "change", "needed for a finding", "joint PSI", "noise"],
      [...body.relations].sort((a, b) => (b[4] ?? -1) - (a[4] ?? -1)).map(([other, , ...values]) => [columnLink(monitor, other), ...values.map(number)]), { numeric: [1, 2, 3, 4, 5, 6] })];
  }

  // The page

  function missing(text) {
    return [el("h1", {}, "Not found"), el("p", {}, text), el("p", {}, link([], "To the overview"))];
  }
  function options(select, entries, value) {
    const known = entries.some(([v]) => v === value) ? entries : [...entries, [value, value]];
    select.replaceChildren(...known.map(([v, text]) => el("option", { value: v }, Array.from(text).slice(0, 60).join(""))));
    select.value = value;
    select.classList.toggle("set", Boolean(value));
  }
  async function setFilters({ path, filters }) {
    const entry = fleet.monitors.find((one) => one.name === path[0]);
    const versions = new Set((entry ? [entry] : fleet.monitors).flatMap((one) => one.versions));
    const pieces = new Set((entry ? [entry] : fleet.monitors).flatMap((one) => one.segments));
    fleet.incidents.filter((one) => (!entry || one.monitor === entry.name) && one.segment_name !== ALL).forEach((one) => pieces.add(segmentText(one.segment_name, one.segment_value)));
    if (entry) {
      const m = await unpack(`monitors-${entry.n}`);
      m.findings.forEach((one) => one.windows.forEach((w) => w[4] && w[4] !== ALL && pieces.add(segmentText(w[4], w[5]))));
    }
    options(form.elements.monitor, [["", "all"], ...fleet.monitors.map((one) => [one.name, one.name])], entry ? entry.name : filters.monitor);
    options(form.elements.segment, [["", "all"], ...[...pieces].sort().map((v) => [v, v])], filters.segment);
    options(form.elements.version, [["", "all"], ...[...versions].sort().map((v) => [v, v])], filters.version);
    options(form.elements.status, [["", "any"], ["fail", "fails"], ["warn", "warns"], ["pass", "passes"], ["open", "open"], ["resolved", "resolved"]], filters.status);
    for (const name of ["q", "from", "until"]) {
      if (form.elements[name] !== document.activeElement) form.elements[name].value = filters[name];
      form.elements[name].classList.toggle("set", Boolean(filters[name]));
    }
  }
  function crumbs(path) {
    const items = path.map((name, n) => el("li", {}, n + 1 < path.length ? link(path.slice(0, n + 1), said(name, 40)) : el("span", { "aria-current": "page" }, said(name, 40))));
    document.querySelector("#crumbs").replaceChildren(el("li", {}, path.length ? link([], "Overview") : el("span", { "aria-current": "page" }, "Overview")), ...items);
    document.querySelector("#asof").replaceChildren(`as of ${moment(fleet.as_of)} UTC · from `, said(fleet.source, 60), ` · written ${moment(fleet.written)}`);
  }
  async function render() {
    const turn = ++task, now = state();
    fleet ??= await unpack("fleet");
    const entry = fleet.monitors.find((one) => one.name === now.path[0]);
    let content;
    if (!now.path.length) content = overview(now.filters);
    else if (!entry) content = missing("This report has no monitor of this name.");
    else if (now.path.length === 1) content = await monitorPage(entry, now.filters);
    else content = await columnPage(entry, now.path[1], now.filters);
    if (turn !== task) return;
    await setFilters(now);
    crumbs(now.path);
    alive.forEach((plot) => plot.destroy());
    alive = [];
    const made = plots;
    plots = [];
    main.replaceChildren(...[content].flat(9).filter(Boolean), el("footer", {}, el("p", {}, "Counts are those of the gates (ml_gates): a finding is a metric of a subject; a warning that goes on is not counted again. Times are UTC.")));
    made.forEach((make) => make());
    const title = now.path.map((part) => Array.from(part).slice(0, 60).join("")).join(" / ") || "Overview";
    document.title = `${title} · ml_monitor report`;
    const path = now.path.join("/");
    if (shown !== path && shown !== "") {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
      document.querySelector("#live").textContent = title;
    }
    shown = path || " ";
    document.documentElement.dataset.ready = String(turn);
  }
  function changed() {
    const now = state(), values = Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value]));
    if (now.path.length) {
      if (values.monitor !== now.path[0]) {
        location.hash = address(values.monitor ? [values.monitor] : [], { from: values.from, until: values.until });
        return;
      }
      values.monitor = "";
    }
    history.replaceState(null, "", address(now.path, values));
    render();
  }
  let wait;
  form.addEventListener("input", (event) => {
    clearTimeout(wait);
    wait = setTimeout(changed, event.target.name === "q" ? 200 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const name of ["q", "from", "until"]) form.elements[name].value = "";
    history.replaceState(null, "", address(state().path, {}));
    render();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /INPUT|SELECT|TEXTAREA/.test(event.target.tagName);
    if (event.key === "/" && !typing) {
      event.preventDefault();
      form.elements.q.focus();
    } else if (event.key === "Escape" && event.target === form.elements.q) {
      form.elements.q.value = "";
      changed();
    }
  });
  addEventListener("hashchange", render);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(wait);
    wait = setTimeout(render, 150);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);
  // On paper nothing can be opened.
  let closed = [];
  function unfold() {
    for (let found; (found = [...main.querySelectorAll("details:not([open])")]).length;) {
      for (const node of found) {
        node.fill?.();
        node.open = true;
        closed.push(node);
      }
    }
  }
  function refold() {
    closed.forEach((node) => { node.open = false; });
    closed = [];
  }
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", refold);
  matchMedia("print").addEventListener("change", (event) => (event.matches ? unfold() : refold()));
  render().catch((error) => {
    main.replaceChildren(el("h1", {}, "The report cannot be read"), el("p", {}, String(error)));
    throw error;
  });
})();
