import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CheckField, DateField, RadioField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { Notice } from "@/components/ui/notice";
import { Segmented, Tabs } from "@/components/ui/tabs";
import { WhyButton } from "@/components/ui/why-button";

/** Buttons and fields; none of them does anything here. */
export function Controls() {
  return (
    <div className="g">
      <div>
        <div className="row w">
          <Button tone="primary">
            <Plus className="i" aria-hidden="true" />
            Register model
          </Button>
          <Button>Export</Button>
          <Button tone="act">Read and sign</Button>
          <Button tone="ghost">Cancel</Button>
        </div>
        <div style={{ marginTop: 20 }}>
          <WhyButton
            label="Submit for review"
            size="large"
            missing={[
              { text: "An architecture decision is accepted", met: true },
              { text: "Two questions of the risk questionnaire are open", href: "/readiness" },
            ]}
          />
        </div>
        <Tabs
          label="Example of tabs"
          items={[
            { href: "/vocabulary", name: "Record", on: true },
            { href: "/vocabulary?tab=findings", name: "Findings", on: false, count: 3 },
          ]}
        />
        <div style={{ margin: "20px 0" }}>
          <Segmented
            label="Example of a switch"
            items={[
              { href: "/vocabulary", name: "Waiting on me 11", on: true },
              { href: "/vocabulary?view=board", name: "Whole board 34", on: false },
            ]}
          />
        </div>
        <div className="fields">
          <Notice tone="pass">Saved. The entry is 48,219 in the log.</Notice>
          <Notice tone="care">The token is shown once. Copy it now.</Notice>
          <Notice tone="fail">Someone else decided this a moment ago. Reload to see it.</Notice>
        </div>
      </div>
      <form className="fields" aria-label="Example of fields">
        <TextField
          name="v-title"
          label="Title"
          hint="One line, as it will stand in the record."
          defaultValue="Hosted LLM for supplier invoices"
        />
        <TextArea
          name="v-text"
          label="Decision"
          voice="record"
          defaultValue="We serve scores online and fall back to rules set 12."
        />
        <SelectField
          name="v-lane"
          label="Lane"
          options={[
            { value: "fast_track", label: "Fast track" },
            { value: "full_board", label: "Full board" },
          ]}
        />
        <DateField name="v-due" label="Due" optional />
        <RadioField
          name="v-outcome"
          label="Outcome"
          options={[
            { value: "approved", label: "Approve", hint: "Every required role has signed." },
            { value: "rejected", label: "Reject", hint: "With the reason, which becomes part of the record." },
          ]}
        />
        <CheckField name="v-ack:boolean" label="I have read the findings" />
        <FileDrop name="v-file" label="Evidence" optional maxBytes={10_485_760} />
      </form>
    </div>
  );
}
