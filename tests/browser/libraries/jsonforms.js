// A page of JSON Forms: `show(document)` draws a form, `submitted` is what it gives.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { JsonForms } from "@jsonforms/react";
import { vanillaCells, vanillaRenderers } from "@jsonforms/vanilla-renderers";

let root;

window.show = ({ schema, uischema, data }) => {
  root?.unmount();
  window.submitted = undefined;
  window.problems = [];
  let current = data;
  root = createRoot(document.getElementById("form"));
  const props = {
    schema,
    uischema,
    data,
    renderers: vanillaRenderers,
    cells: vanillaCells,
    onChange: (state) => {
      current = state.data;
      window.problems = state.errors.map((each) => `${each.instancePath} ${each.message}`);
    },
  };
  const submit = (event) => {
    event.preventDefault();
    window.submitted = window.problems.length ? undefined : current;
  };
  const button = createElement("button", { type: "submit" }, "Submit");
  const form = createElement("form", { onSubmit: submit }, createElement(JsonForms, props), button);
  flushSync(() => root.render(form));
};
