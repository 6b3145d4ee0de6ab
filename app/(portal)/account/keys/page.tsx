import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { TextArea, TextField } from "@/components/ui/field";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SigMark } from "@/components/ui/sig-mark";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { keyKindName } from "@/lib/credentials/credential";
import { listKeys } from "@/lib/credentials/queries";
import { enrol, revoke } from "./actions";

export const metadata = { title: "Your keys" };

export default async function Keys() {
  const ctx = await pageContext();
  const { keys } = await listKeys(ctx, {});
  return (
    <Page name="release">
      <PageHead
        title="Your keys"
        lede="You sign with a key that never leaves your device. The portal knows its public half and can forge nothing with it."
      />
      <Section title="Add a passkey">
        <div style={{ maxWidth: 480 }}>
          <ActionForm action={enrol} submit="Continue on the signing page">
            <TextField
              name="label"
              label="Name of the key"
              hint="So that you recognise it, for example YubiKey 5C or Work laptop."
              maxLength={60}
            />
          </ActionForm>
        </div>
        <p className="lbl" style={{ marginTop: 8, maxWidth: 560 }}>
          The signing page makes the passkey and has it sign a statement that it is yours. Your device asks for a
          fingerprint, face or PIN each time.
        </p>
      </Section>
      <Section title="Keys" note={`${keys.filter((k) => !k.revokedAt).length} in use`}>
        {keys.length === 0 ? (
          <Empty title="You have no key yet.">Without one you cannot approve or reject a release.</Empty>
        ) : (
          <table className="t ap" aria-label="Your keys">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Kind</th>
                <th scope="col">Enrolled</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="sr-only">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <td>
                    <SigMark
                      state={key.revokedAt ? "stale" : "signed"}
                      name={key.label}
                      keyHash={key.kid}
                      fingerprint={key.kid}
                    />
                  </td>
                  <td>
                    {keyKindName[key.kind]}
                    {key.backupEligible ? <span className="lbl"> synced between devices</span> : null}
                  </td>
                  <td className="nw">
                    <When at={key.enrolledAt} />
                  </td>
                  <td>
                    <Status state={key.revokedAt ? "withdrawn" : "valid"} word={key.revokedAt ? "Revoked" : "In use"} />
                    {key.revokeReason ? <div className="lbl">{key.revokeReason}</div> : null}
                  </td>
                  <td>
                    {key.revokedAt ? null : (
                      <details>
                        <summary>Revoke</summary>
                        <ActionForm
                          action={revoke}
                          submit="Revoke this key"
                          tone="outlined"
                          hidden={{ credential: key.id }}
                          confirm={{
                            title: `Revoke “${key.label}”?`,
                            text: "It signs nothing more. What it signed before stands.",
                            yes: "Revoke",
                          }}
                        >
                          <TextArea name="reason" label="Why?" minLength={10} maxLength={1000} />
                        </ActionForm>
                      </details>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </Page>
  );
}
