import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { legalClasses, legalClassName } from "@/lib/models/model";
import {
  euRoleName,
  euRoles,
  type UseCaseRow,
  useCaseStatuses,
  useCaseStatusName,
  valueKindName,
  valueKinds,
} from "@/lib/use-cases/use-case";

/** The fields of a use case, to enter one or to edit `useCase`. */
export function UseCaseFields({
  units,
  people,
  useCase,
}: {
  units: readonly { slug: string; name: string }[];
  people: readonly { email: string; name: string }[];
  useCase?: UseCaseRow;
}) {
  return (
    <>
      <TextField name="name" label="Name" maxLength={120} defaultValue={useCase?.name} autoComplete="off" />
      <TextArea
        name="problem"
        label="Problem"
        voice="record"
        hint="What goes wrong or is missed today, for whom."
        maxLength={4000}
        defaultValue={useCase?.problem}
      />
      <TextField
        name="sponsor"
        label="Sponsor"
        hint="Who pays for it."
        maxLength={120}
        defaultValue={useCase?.sponsor}
      />
      <SelectField
        name={useCase ? "owner:null" : "owner"}
        label="Owner"
        optional
        blank={useCase ? "Nobody" : "Me"}
        hint="Who answers for the use case."
        defaultValue={useCase?.owner?.email ?? ""}
        options={people.map((p) => ({ value: p.email, label: p.name }))}
      />
      <SelectField
        name="businessUnit"
        label="Business unit"
        defaultValue={useCase?.unit ?? ""}
        options={units.map((u) => ({ value: u.slug, label: u.name }))}
      />
      <SelectField
        name="status"
        label="Status"
        defaultValue={useCase?.status ?? "idea"}
        options={useCaseStatuses
          .filter((s) => useCase || s !== "retired")
          .map((value) => ({ value, label: useCaseStatusName[value] }))}
      />
      <TextField
        name="value.amount"
        label="Expected value a year"
        optional
        hint="An amount such as 250000. Left open while nobody estimated it."
        inputMode="decimal"
        maxLength={14}
        defaultValue={useCase?.valueAmount ?? ""}
      />
      <TextField
        name="value.currency"
        label="Currency"
        optional
        hint="EUR unless you say otherwise; only EUR is added up."
        mono
        maxLength={3}
        defaultValue={useCase?.valueCurrency ?? ""}
      />
      <SelectField
        name="value.kind"
        label="Kind of value"
        optional
        blank="Not said"
        defaultValue={useCase?.valueKind ?? ""}
        options={valueKinds.map((value) => ({ value, label: valueKindName[value] }))}
      />
      <SelectField
        name={useCase ? "euRole:null" : "euRole"}
        label="EU AI Act role"
        optional
        blank="Not said"
        hint="What the organisation is to this system."
        defaultValue={useCase?.euRole ?? ""}
        options={euRoles.map((value) => ({ value, label: euRoleName[value] }))}
      />
      <SelectField
        name={useCase ? "legalClass:null" : "legalClass"}
        label="EU AI Act class"
        optional
        blank="Not assessed"
        hint="Of the use as a whole; each model has a class of its own from its risk questions."
        defaultValue={useCase?.legalClass ?? ""}
        options={legalClasses.map((value) => ({ value, label: legalClassName[value] }))}
      />
    </>
  );
}
