// The worklist: DataTables shows it, this file provides its content.
// Names, addresses and texts from shops are untrusted: they become text nodes, never markup.
// DataTables treats strings as HTML, so every renderer below returns a node or escaped text.

function start({ worklist, behind, words }) {
  const names = Object.keys(worklist).filter((name) => name !== "destination");
  const shown = columnsShown();
  const rows = unpacked(worklist);
  const details = detailsBy(behind);
  const said = (code) => words[code] ?? sentence(String(code).replaceAll("_", " "));
  // every column of the mart in its order, for copy and file, including the shown ones
  const columns = names.map((name) => column(name, shown[name], said));
  const table = new DataTable("#worklist", {
    data: rows,
    columns,
    deferRender: true,
    autoWidth: false,
    order: [],
    orderMulti: false,
    pageLength: 25,
    lengthMenu: [25, 50, 100, 250],
    layout: {
      topStart: { buttons: exports(names) },
      topEnd: "pageLength",
      bottomStart: "info",
      bottomEnd: "paging",
    },
    language: {
      info: "Rows _START_ to _END_ of _TOTAL_",
      infoEmpty: "No rows",
      infoFiltered: "(of _MAX_ before search and filters)",
      lengthMenu: "Rows per page _MENU_",
      zeroRecords: "No customer matches the search and filters.",
    },
    createdRow: (row, data) => row.setAttribute("data-rank", data.worklist_rank),
  });
  document.getElementById("worklist").hidden = false;
  connectFilters(table, rows);
  connectDetails(table, (data) => detailPanel(data, details(data.worklist_rank), said));
  connectPrint(table);
}

// ---------------------------------------------------------------- data

// {name: {at, words?}} → one object per row
function unpacked(columns) {
  const names = Object.keys(columns);
  const length = names.length ? columns[names[0]].at.length : 0;
  const lists = names.map((name) => [name, columns[name].at, columns[name].words]);
  const rows = new Array(length);
  for (let i = 0; i < length; i++) {
    const row = {};
    for (const [name, at, list] of lists) row[name] = list ? list[at[i]] : at[i];
    rows[i] = row;
  }
  return rows;
}

// rank → details of that row; unpacked when the first row is opened
function detailsBy(behind) {
  let found;
  return (rank) => {
    found ??= Object.entries(behind).map(([name, columns]) => [
      name,
      Map.groupBy ? Map.groupBy(unpacked(columns), (row) => row.rank) : grouped(unpacked(columns)),
    ]);
    return Object.fromEntries(found.map(([name, rows]) => [name, rows.get(rank) ?? []]));
  };
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.rank, [...(groups.get(row.rank) ?? []), row]);
  return groups;
}

// ---------------------------------------------------------------- columns

const SEARCHED = new Set([
  "customer_id", "customer_name", "platform_customers", "emails", "tax_ids", "dataverse_ids",
  "other_d365_customer_ids", "near_match_d365_customer_ids", "failed_flow_run_ids",
  "expected_legal_entity_id", "primary_reason", "owner", "set_aside_by", "set_aside_note",
]);

function columnsShown() {
  return {
    worklist_rank: { title: "Rank", className: "n" },
    customer_name: { title: "Customer", node: nameCell },
    segment_code: { title: "Segment", className: "wide" },
    expected_legal_entity_id: { title: "Legal entity", className: "wide", text: (row) => row.destination },
    order_count: { title: "Orders", className: "n wide" },
    last_order_at: { title: "Last order (UTC)", className: "day wider", text: (row) => day(row.last_order_at) },
    blocked_value_reporting: {
      title: "Blocked value",
      className: "n",
      text: (row) => blocked(row),
      number: (row) => (row.blocked_value_reporting === null ? -1 : Number(row.blocked_value_reporting)),
    },
    primary_reason: { title: "Reason", className: "wide", coded: true },
    owner: { title: "Owner", className: "wider" },
    days_open: { title: "Days open", className: "n wider" },
  };
}

function column(name, look, said) {
  const visible = Boolean(look);
  const text = (row) => {
    if (look?.text) return look.text(row);
    if (look?.coded) return said(row[name]);
    return row[name] === null ? "" : String(row[name]);
  };
  const isNumber = Boolean(look?.className?.startsWith("n"));
  return {
    name,
    title: look?.title ?? name,
    visible,
    searchable: SEARCHED.has(name),
    className: look?.className ?? "",
    type: isNumber ? "num" : "string",
    data: null,
    render: (_, kind, row) => {
      if (kind === "sort" || kind === "type") {
        return isNumber ? (look.number?.(row) ?? row[name] ?? -1) : text(row).toLowerCase();
      }
      if (kind === "filter") return searched(text(row));
      return look?.node ? look.node(row, said) : document.createTextNode(text(row));
    },
  };
}

// DataTables decodes search text with an & by innerHTML: escaped text stays text.
function searched(text) {
  return text.includes("&") ? DataTable.util.escapeHtml(text) : text;
}

function nameCell(row, said) {
  const name = row.customer_name ?? "without a name";
  return el("div", {},
    el("button", { type: "button", class: "opener", "aria-expanded": "false" }, el("bdi", {}, name)),
    el("span", { class: "under" }, `${row.segment_code} · ${row.destination} · ${said(row.primary_reason)}`),
    ...(row.set_aside_until ? [el("span", { class: "aside" }, el("bdi", {}, setAside(row)))] : []),
  );
}

function setAside(row) {
  const why = [row.set_aside_note, row.set_aside_by].filter(Boolean).join(", ");
  return `Set aside until ${day(row.set_aside_until)}${why ? `: ${why}` : ""}`;
}

// The command line of a decision; a click copies it. A shell must not run what an id of D365 says: in
// single quotes it is one text, and with a quote in it there is no command.
function command(decision, customer, ...about) {
  if (about.some((text) => /['\p{Cc}]/u.test(text))) return "write it into onboarding_decisions.csv";
  const quoted = about.map((text) => (/^[\w.:@-]+$/.test(text) ? text : `'${text}'`));
  const text = ["python -m pipelines decide", customer, decision, ...quoted].join(" ");
  const button = el("button", { type: "button", class: "command", title: "Copy" }, el("code", {}, text));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.append(" copied");
    } catch {
      getSelection().selectAllChildren(button.firstChild);
    }
  }, { once: true });
  return button;
}

function blocked(row) {
  const rated = row.blocked_value_reporting;
  if (rated === null) return row.is_rate_missing ? `no rate (${spaced(row.blocked_values ?? "no value")})` : "none";
  return money(rated, row.reporting_currency_code) + (row.is_rate_missing ? " + no rate" : "");
}

function posted(row) {
  const rated = row.posted_value_reporting;
  if (rated === null) return row.posted_values === null ? "D365 documents are not loaded" : `no rate (${spaced(row.posted_values)})`;
  return Number(rated) ? money(rated, row.reporting_currency_code) : "nothing";
}

// ---------------------------------------------------------------- copy and file

const RUNS_AS_FORMULA = /(^|;)([\s\p{Cf}\p{Cc}]*)([=+\-@\uff1d\uff0b\uff0d\uff20])/gu;
const IS_NUMBER = /^-?\d+(\.\d+)?$/;

// A cell that a spreadsheet would run as a formula is prefixed with an apostrophe.
function safeCell(value) {
  if (value === null || value === undefined) return "";
  const text = String(value).replace(/[\t\r\n]+/g, " ");
  return IS_NUMBER.test(text) ? text : text.replace(RUNS_AS_FORMULA, "$1$2'$3");
}

// Not by the buttons of DataTables, which take seconds for 20,000 rows.
function exports(names) {
  return [
    { text: "Copy", action: (_, table) => copy(table, names) },
    { text: "Download CSV", action: (_, table) => download(table, names) },
  ];
}

// The header and the filtered rows in their order, every cell safe.
function listed(table, names) {
  const rows = table.rows({ search: "applied", order: "applied" }).data().toArray();
  return [names, ...rows.map((row) => names.map((name) => safeCell(row[name])))];
}

async function copy(table, names) {
  const lines = listed(table, names);
  try {
    await navigator.clipboard.writeText(lines.map((cells) => cells.join("\t")).join("\n"));
    table.buttons.info("Copied", `${count(lines.length - 1)} rows`, 2000);
  } catch {
    table.buttons.info("Not copied", "The browser does not allow it: download the CSV.", 4000);
  }
}

function download(table, names) {
  const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;
  const lines = listed(table, names).map((cells) => cells.map(quoted).join(","));
  // with a BOM, Excel reads the letters right
  const file = new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
  const link = el("a", { href: URL.createObjectURL(file), download: `${document.title.replace(/\W+/g, "_")}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// ---------------------------------------------------------------- search and filters

function connectFilters(table, rows) {
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const selects = [...form.querySelectorAll("select")];
  const apply = () => {
    for (const select of selects) {
      const name = select.dataset.filter;
      const wanted = select.value;
      table.search.fixed(name, wanted ? (_, row) => row[name] === wanted : null);
    }
    table.search(search.value).draw();
  };
  const report = () => {
    const chosen = table.rows({ search: "applied" }).data().toArray();
    const currency = rows[0].reporting_currency_code;
    const unrated = chosen.filter((row) => row.is_rate_missing).length;
    document.getElementById("chosen").textContent =
      `${count(chosen.length)} of ${count(rows.length)} rows, ${money(total(chosen), currency)} blocked` +
      (unrated ? `, ${count(unrated)} with orders that have no rate` : "");
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, rows.length > 2000 ? 250 : 0);
  });
  // not on the form: leaving the search field would redraw the list during the click
  for (const select of selects) select.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  table.on("search", report);
  report();
  form.hidden = false;
}

// the sum in hundredths as an integer (no floats for amounts); null when none has a rate
function total(rows) {
  const rated = rows.map((row) => row.blocked_value_reporting).filter((value) => value !== null);
  if (rows.length && !rated.length) return null;
  const sum = rated.reduce((added, value) => added + BigInt(value.replace(".", "")), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(3, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// ---------------------------------------------------------------- details of a row

function connectDetails(table, panel) {
  document.querySelector("#worklist tbody").addEventListener("click", (event) => {
    const button = event.target.closest("button.opener");
    if (!button) return;
    const row = table.row(button.closest("tr"));
    const opens = !row.child.isShown();
    if (opens) row.child(panel(row.data()), "behind").show();
    else row.child.remove();
    button.setAttribute("aria-expanded", String(opens));
  });
}

function detailPanel(row, behind, said) {
  const facts = [
    ["E-mail", row.emails ?? "none"],
    ["Tax id", taxIds(row)],
    ["In the shops", row.platform_customers],
    ["Expected in", row.destination + (row.mapped_by ? `, by ${row.mapped_by.replaceAll("_", " ")}` : "")],
    ["Blocked", `${spaced(row.blocked_values ?? "nothing")} in ${count(row.blocked_order_count)} of ${count(row.order_count)} orders`],
    ["Already posted under another account", posted(row)],
    ["First seen", firstSeen(row)],
    ["Import file", behind.imports.length ? said(behind.imports[0].import_state) : "not available"],
  ];
  return el("div", { class: "panel" },
    el("h3", {}, el("bdi", {}, row.customer_name ?? "Without a name"), ": next action"),
    el("p", {}, el("strong", {}, said(row.primary_reason)), ". ", row.suggested_action ?? "No action is set for this reason.",
      row.owner ? ` Owner: ${row.owner}.` : ""),
    row.set_aside_until ? el("p", {}, el("bdi", {}, setAside(row)), ".")
      : el("p", {}, "To set it aside until a day: ", command("set_aside_until", row.customer_id, "YYYY-MM-DD")),
    el("dl", { class: "key-figures" }, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, el("bdi", {}, value))))),
    ...section("Orders", behind.orders, "No orders.", {
      Order: (one) => one.order_reference,
      Store: (one) => `${said(one.platform)} ${one.instance}`,
      "Placed (UTC)": (one) => one.ordered_at.slice(0, 16),
      Status: (one) => one.raw_status,
      "Ship to": (one) => one.country_code ?? "nothing to ship",
      "#Value": (one) => money(one.order_value, one.order_currency_code),
      [`#${row.reporting_currency_code}`]: (one) => (one.order_value_reporting === null ? "no rate" : amount(one.order_value_reporting)),
      State: (one) => one.state,
    }),
    ...section("Keys that were tried", behind.keys_tried, "No match key applies to this customer.", {
      "Legal entity": (one) => one.legal_entity_name,
      "Field in the shop": (one) => one.source_field,
      "Value looked for": (one) => one.key_values ?? "none",
      "Field in D365": (one) => one.d365_field,
      Found: (one) => said(one.outcome) + (one.detail ? `: ${one.detail}` : ""),
      ...(behind.keys_tried.some((one) => one.where_to_look) ? { "Where to look": placesToLook } : {}),
    }),
    ...section("What D365 would reject", behind.failures, "Nothing: the record passes validation.", {
      Field: (one) => said(one.failing_field),
      "D365 field": (one) => one.d365_field ?? "unknown until the entity is known",
      Problem: (one) => said(one.problem) + (one.problem === "too_long" ? ` (at most ${one.max_length})` : ""),
      Now: (one) => one.value ?? "empty",
    }),
    ...elsewhere(row, behind, said),
  );
}

// Links to the systems, as the mart writes them; nothing but an address of the web becomes one.
function placesToLook(one) {
  const places = (one.where_to_look ?? "").split(", ").filter((link) => /^https?:\/\//.test(link));
  const name = (link) => (/main\.aspx\?/.test(link) ? "Dataverse" : /[?&](mi=CustTable|page=22)/.test(link) ? "D365" : "Shop");
  const links = places.map((href) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, name(href)));
  return el("span", {}, ...links.flatMap((link) => [link, " "]));
}

function elsewhere(row, behind, said) {
  const found = [
    ...section("In Dataverse", behind.dataverse, null, {
      Table: (one) => one.dataverse_table,
      Id: (one) => one.dataverse_id,
      "Account number": (one) => one.account_number ?? "none",
      Company: (one) => one.company_code ?? "none",
      "Not promoted because": (one) => (one.eligibility_reason ? said(one.eligibility_reason) : "not known"),
    }),
    ...section("Probably the same customer in D365: compare before creating", behind.near_matches, null, {
      Customer: (one) => one.d365_customer_name ?? "without a name",
      Id: (one) => one.d365_customer_id,
      Entity: (one) => one.legal_entity_id,
      "#Score": (one) => one.score,
      Why: (one) => one.driven_by,
      Blocked: (one) => (one.is_blocked ? "yes" : "no"),
      "Write what you decide": (one) => el("span", {}, ...["same_as", "not_same"].map((decision) =>
        command(decision, one.customer_id, one.legal_entity_id, one.d365_customer_id))),
    }),
    ...section("Possibly the same customer in this list", behind.duplicates, null, {
      Customer: (one) => one.other_name ?? "without a name",
      Share: (one) => one.shared.replaceAll("_", " "),
    }),
  ];
  if (row.other_legal_entity_ids) {
    found.push(
      el("h4", {}, "In another legal entity"),
      el("p", {}, `${row.other_legal_entity_ids}: D365 customer `, el("bdi", {}, row.other_d365_customer_ids ?? "unknown"), "."),
    );
  }
  if (row.failed_flow_run_ids) found.push(el("h4", {}, "Failed flow runs"), el("p", {}, el("bdi", {}, row.failed_flow_run_ids)));
  if (found.length) return found;
  const dataverse = row.is_in_dataverse == null ? "Dataverse is not loaded" : "not in Dataverse";
  return [el("h4", {}, "Found elsewhere"), el("p", {}, `Nowhere: ${dataverse}, not in another entity, no near match.`)];
}

// A heading and a table of rows; `none` instead of an empty table, nothing when `none` is null.
// A column whose name starts with # is aligned like a number.
function section(title, rows, none, columns) {
  if (!rows.length) return none === null ? [] : [el("h4", {}, title), el("p", {}, none)];
  const looks = Object.entries(columns).map(([name, text]) => [name.replace(/^#/, ""), text, name.startsWith("#") ? { class: "n" } : {}]);
  return [
    el("h4", {}, title),
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
      el("table", { class: "plain" },
        el("caption", { class: "unseen" }, title),
        el("thead", {}, el("tr", {}, ...looks.map(([name, , look]) => el("th", { scope: "col", ...look }, name)))),
        el("tbody", {}, ...rows.map((one) => el("tr", {}, ...looks.map(([, text, look]) => el("td", look, el("bdi", {}, text(one))))))),
      )),
  ];
}

function taxIds(row) {
  if (row.tax_ids === null) return "none";
  return row.is_tax_id_valid === false ? `${row.tax_ids} (wrong check digit)` : row.tax_ids;
}

function firstSeen(row) {
  if (row.first_seen_date === null) return "not recorded";
  const again = row.is_reopened ? ", re-opened" : "";
  return `${day(row.first_seen_date)}, days open: ${row.days_open ?? "not recorded"}${again}`;
}

// ---------------------------------------------------------------- print

// Print shows the first 250 rows, without the controls.
function connectPrint(table) {
  let before;
  addEventListener("beforeprint", () => {
    before ??= { length: table.page.len(), page: table.page() };
    table.page.len(250).draw();
  });
  addEventListener("afterprint", () => {
    if (!before) return;
    table.page.len(before.length).page(before.page).draw("page");
    before = undefined;
  });
}

// ---------------------------------------------------------------- small things

// An element; strings among the children become text nodes.
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function count(value) {
  return value.toLocaleString("en");
}

// "18400.00" → 18,400.00, as text without floats
function amount(text) {
  const [whole, cents = ""] = text.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents.padEnd(2, "0").slice(0, 2)}`;
}

// "USD 18400.00, CAD 900.00" with thousands
function spaced(text) {
  return text.replace(/\d+\.\d\d/g, amount);
}

function money(text, currency) {
  return text === null ? "no rate" : `${currency}\u00a0${amount(text)}`; // on one line
}

function day(text) {
  const [year, month, date] = text.slice(0, 10).split("-");
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  return `${Number(date)} ${months[Number(month) - 1]} ${year}`;
}

const place = document.getElementById("worklist-data");
if (place) start(JSON.parse(place.textContent));
