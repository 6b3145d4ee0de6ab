import { Check } from "lucide-react";
import type { Metadata } from "next";
import { Page, PageHead } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { rights, rightsOf, roleName, roles } from "@/lib/core/rights";
import styles from "./rights.module.css";

export const metadata: Metadata = { title: "Rights" };

/** The rights table, as the code has it. */
export default async function RightsPage() {
  await pageContext();
  return (
    <Page name="admin">
      <PageHead
        title="Rights"
        lede="Who may do what. A role granted in one business unit reaches that unit and everything below it. Rules of separation come on top: nobody approves what they submitted, and nobody gives themselves a role."
      />
      <div className="scroll-x" {...{ tabIndex: 0, role: "group", "aria-label": "Rights by role" }}>
        <table className={`t ${styles.rights}`} aria-label="Rights of each role">
          <thead>
            <tr>
              <th scope="col">Right</th>
              {roles.map((role) => (
                <th scope="col" key={role}>
                  <span>{roleName[role]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rights.map((right) => (
              <tr key={right}>
                <th scope="row" className="mono">
                  {right}
                </th>
                {roles.map((role) => (
                  <td key={role}>
                    {rightsOf[role].includes(right) ? (
                      <Check className="i" aria-label={`${roleName[role]}: yes`} />
                    ) : null}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Page>
  );
}
