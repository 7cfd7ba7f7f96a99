// A page of react-jsonschema-form: `show(document)` draws a form, `submitted` is what it gives.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import Form from "@rjsf/core";
import validator from "@rjsf/validator-ajv8";

let root;

window.show = ({ schema, uiSchema, formData }) => {
  root?.unmount();
  window.submitted = undefined;
  window.problems = [];
  root = createRoot(document.getElementById("form"));
  const props = {
    schema,
    uiSchema,
    formData,
    validator,
    onSubmit: (event) => (window.submitted = event.formData),
    onError: (errors) => (window.problems = errors.map((each) => each.stack)),
  };
  flushSync(() => root.render(createElement(Form, props)));
};
