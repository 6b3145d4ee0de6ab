-- The tables of db/schema, as they stood when the product began.
CREATE TABLE "adr_revision" (
	"id" uuid PRIMARY KEY NOT NULL,
	"adr_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"digest" text NOT NULL,
	"content" "bytea" NOT NULL,
	"author_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "adr_revision_once" UNIQUE("adr_id","number")
);

CREATE TABLE "adr" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"business_unit_id" uuid,
	"model_id" uuid,
	"pattern_id" text,
	"author_id" uuid NOT NULL,
	"superseded_by_id" uuid,
	"current_revision" integer NOT NULL,
	"accepted_digest" text,
	"decided_at" timestamp with time zone,
	"review_by" date,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "adr_ref_unique" UNIQUE("ref")
);

CREATE TABLE "pattern_adoption" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"pattern_id" text NOT NULL,
	"version" integer NOT NULL,
	"digest" text NOT NULL,
	"deviations" text DEFAULT '' NOT NULL,
	"adopted_by" uuid NOT NULL,
	"adopted_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);

CREATE TABLE "assessment" (
	"digest" text PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"version_id" uuid,
	"checklist_digest" text NOT NULL,
	"content" "bytea" NOT NULL,
	"pass" integer NOT NULL,
	"fail" integer NOT NULL,
	"unknown" integer NOT NULL,
	"waived" integer NOT NULL,
	"total" integer NOT NULL,
	"taken_at" timestamp with time zone NOT NULL
);

CREATE TABLE "attestation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"outcome" text NOT NULL,
	"statement" text NOT NULL,
	"evidence_sha256" text,
	"evidence_url" text,
	"effective_at" timestamp with time zone NOT NULL,
	"collected_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"attested_by" uuid NOT NULL,
	"superseded_at" timestamp with time zone
);

CREATE TABLE "evidence_file" (
	"sha256" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"size" integer NOT NULL,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL
);

CREATE TABLE "fact" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"collected_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"source_kind" text NOT NULL,
	"source_id" text NOT NULL,
	"source_name" text NOT NULL,
	"run_ref" text,
	"superseded_at" timestamp with time zone,
	"log_entry_id" uuid
);

CREATE TABLE "lineage_edge" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_kind" text NOT NULL,
	"from_id" text NOT NULL,
	"from_name" text NOT NULL,
	"to_kind" text NOT NULL,
	"to_id" text NOT NULL,
	"to_name" text NOT NULL,
	"model_id" uuid,
	"source_id" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "lineage_edge_once" UNIQUE("from_kind","from_id","to_kind","to_id")
);

CREATE TABLE "waiver" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"model_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"reason" text NOT NULL,
	"compensation" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"accepted_by" uuid,
	"accepted_at" timestamp with time zone,
	"refused_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "waiver_ref_unique" UNIQUE("ref")
);

CREATE TABLE "job" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"payload" text NOT NULL,
	"unique_key" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"run_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 5 NOT NULL,
	"locked_until" timestamp with time zone,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);

CREATE TABLE "log_checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL
);

CREATE TABLE "log_entry" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"subject_ref" text NOT NULL,
	"model_id" uuid,
	"summary" text NOT NULL,
	"leaf" "bytea" NOT NULL,
	"body" "bytea",
	"request_id" text NOT NULL
);

CREATE TABLE "log_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL
);

CREATE TABLE "log_leaf" (
	"idx" bigint PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_leaf_entryId_unique" UNIQUE("entry_id")
);

CREATE TABLE "log_node" (
	"level" smallint NOT NULL,
	"n" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_node_level_n_pk" PRIMARY KEY("level","n")
);

CREATE TABLE "log_queue" (
	"entry_id" uuid PRIMARY KEY NOT NULL
);

CREATE TABLE "connection" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"system" text NOT NULL,
	"base_url" text NOT NULL,
	"auth" text NOT NULL,
	"username" text,
	"secret" "bytea",
	"every_minutes" integer DEFAULT 15 NOT NULL,
	"prod_alias" text DEFAULT 'champion' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"removed_at" timestamp with time zone,
	"last_completed_at" timestamp with time zone,
	CONSTRAINT "connection_name_unique" UNIQUE("name")
);

CREATE TABLE "deployment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"digest" text,
	"release_id" uuid,
	"source" text NOT NULL,
	"kind" text DEFAULT 'new' NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"bypass_finding_id" uuid
);

CREATE TABLE "incident" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"model_id" uuid NOT NULL,
	"title" text NOT NULL,
	"severity" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"deployment_id" uuid,
	"cause" text DEFAULT '' NOT NULL,
	"intervention" text NOT NULL,
	"reported_by" text NOT NULL,
	"reported_on" date NOT NULL,
	CONSTRAINT "incident_ref_unique" UNIQUE("ref")
);

CREATE TABLE "model_version" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"version" text NOT NULL,
	"digest" text,
	"digest_source" text,
	"run_id" text,
	"commit" text,
	"source_uri" text,
	"status" text DEFAULT 'READY' NOT NULL,
	"aliases" text[] DEFAULT '{}' NOT NULL,
	"trained_by" text,
	"registered_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone,
	"raw" "bytea",
	"raw_sha256" "bytea",
	CONSTRAINT "model_version_once" UNIQUE("model_id","version")
);

CREATE TABLE "model" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"kind" text,
	"method" text DEFAULT '' NOT NULL,
	"serving_type" text,
	"platform" text NOT NULL,
	"stage" text NOT NULL,
	"business_unit_id" uuid,
	"owner_id" uuid,
	"backup_owner_id" uuid,
	"team" text DEFAULT '' NOT NULL,
	"use_case_id" uuid,
	"tier" integer,
	"tier_provisional" boolean DEFAULT false NOT NULL,
	"tier_driver" text,
	"legal_class" text,
	"connection_id" uuid,
	"external_name" text,
	"source_url" text,
	"claimed_at" timestamp with time zone,
	"last_seen_at" timestamp with time zone,
	"vanished_at" timestamp with time zone,
	"missed_sweeps" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"readiness_pass" integer,
	"readiness_fail" integer,
	"readiness_unknown" integer,
	"readiness_waived" integer,
	"readiness_total" integer,
	"last_release_at" timestamp with time zone,
	"gate_decision" text,
	"gate_reasons" integer,
	CONSTRAINT "model_name_unique" UNIQUE("name"),
	CONSTRAINT "model_external" UNIQUE("connection_id","external_name")
);

CREATE TABLE "risk_assessment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_id" uuid NOT NULL,
	"method_version" text NOT NULL,
	"answers" jsonb NOT NULL,
	"score" real NOT NULL,
	"tier" integer,
	"blocked" boolean DEFAULT false NOT NULL,
	"provisional" boolean NOT NULL,
	"drivers" jsonb NOT NULL,
	"legal_class" text NOT NULL,
	"digest" text NOT NULL,
	"answered_by" uuid NOT NULL,
	"answered_at" timestamp with time zone NOT NULL
);

CREATE TABLE "sync_run" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"state" text NOT NULL,
	"cursor" jsonb NOT NULL,
	"models_seen" integer DEFAULT 0 NOT NULL,
	"versions_seen" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"error" text,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);

CREATE TABLE "use_case" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"name" text NOT NULL,
	"problem" text NOT NULL,
	"sponsor" text NOT NULL,
	"value_eur" numeric(14, 2),
	"status" text NOT NULL,
	"business_unit_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "use_case_ref_unique" UNIQUE("ref"),
	CONSTRAINT "use_case_name_unique" UNIQUE("name")
);

CREATE TABLE "account" (
	"user_id" uuid NOT NULL,
	"type" text NOT NULL,
	"provider" text NOT NULL,
	"provider_account_id" text NOT NULL,
	"refresh_token" text,
	"access_token" text,
	"expires_at" integer,
	"token_type" text,
	"scope" text,
	"id_token" text,
	"session_state" text,
	CONSTRAINT "account_provider_provider_account_id_pk" PRIMARY KEY("provider","provider_account_id")
);

CREATE TABLE "api_token" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"actor_kind" text NOT NULL,
	"person_id" uuid,
	"roles" text[] NOT NULL,
	"scopes" text[],
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_token_hash_unique" UNIQUE("hash")
);

CREATE TABLE "business_unit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"parent_id" uuid,
	CONSTRAINT "business_unit_slug_unique" UNIQUE("slug")
);

CREATE TABLE "idempotency_key" (
	"actor_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"status" integer NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_key_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);

CREATE TABLE "person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" timestamp with time zone,
	"image" text,
	"title" text DEFAULT '' NOT NULL,
	"business_unit_id" uuid,
	"active" boolean DEFAULT true NOT NULL,
	"persona" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "person_email_unique" UNIQUE("email")
);

CREATE TABLE "role_grant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"business_unit_id" uuid,
	"granted_by" text NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "role_grant_once" UNIQUE NULLS NOT DISTINCT("person_id","role","business_unit_id")
);

CREATE TABLE "session" (
	"session_token" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "approval" (
	"id" uuid PRIMARY KEY NOT NULL,
	"release_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"statement_sha256" "bytea" NOT NULL,
	"credential_id" uuid NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoke_reason" text
);

CREATE TABLE "gate_check" (
	"id" uuid PRIMARY KEY NOT NULL,
	"model_name" text NOT NULL,
	"model_id" uuid,
	"release_id" uuid,
	"version" text NOT NULL,
	"digest" text NOT NULL,
	"environment" text NOT NULL,
	"decision" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"nonce" text,
	"statement_sha256" "bytea" NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);

CREATE TABLE "release" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"model_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"environment" text NOT NULL,
	"policy_id" text NOT NULL,
	"policy_digest" text NOT NULL,
	"assessment_digest" text NOT NULL,
	"adr_digest" text,
	"pattern_digest" text,
	"decision_digest" text,
	"note" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"statement_sha256" "bytea" NOT NULL,
	"promoted_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	CONSTRAINT "release_ref_unique" UNIQUE("ref")
);

CREATE TABLE "review_comment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"review_id" uuid NOT NULL,
	"finding_id" uuid,
	"section" text,
	"author_id" uuid NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);

CREATE TABLE "condition" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"review_id" uuid NOT NULL,
	"decision_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"text" text NOT NULL,
	"kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"due_on" date NOT NULL,
	"status" text NOT NULL,
	"answer" text,
	"evidence_sha256" text,
	"evidence_url" text,
	"answered_by" uuid,
	"answered_at" timestamp with time zone,
	"accepted_by" uuid,
	"accepted_at" timestamp with time zone,
	CONSTRAINT "condition_ref_unique" UNIQUE("ref")
);

CREATE TABLE "finding" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"review_id" uuid,
	"model_id" uuid NOT NULL,
	"source" text NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"section" text,
	"severity" text NOT NULL,
	"status" text NOT NULL,
	"raised_by" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"resolution" text,
	"resolved_by" uuid,
	"resolved_at" timestamp with time zone,
	"verified_by" uuid,
	"verified_at" timestamp with time zone,
	CONSTRAINT "finding_ref_unique" UNIQUE("ref")
);

CREATE TABLE "recusal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"review_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"declared_at" timestamp with time zone NOT NULL,
	CONSTRAINT "recusal_once" UNIQUE("review_id","person_id")
);

CREATE TABLE "review_decision" (
	"id" uuid PRIMARY KEY NOT NULL,
	"review_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"outcome" text NOT NULL,
	"rationale" text NOT NULL,
	"digest" text NOT NULL,
	"content" text NOT NULL,
	"decided_by" text NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	"valid_until" date,
	CONSTRAINT "review_decision_once_per_round" UNIQUE("review_id","round")
);

CREATE TABLE "review" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"title" text NOT NULL,
	"model_id" uuid NOT NULL,
	"adr_id" uuid,
	"adr_digest" text,
	"pattern_digest" text,
	"assessment_digest" text,
	"status" text NOT NULL,
	"lane" text,
	"lane_reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"triage_version" text,
	"submission" jsonb NOT NULL,
	"submission_digest" text,
	"round" integer DEFAULT 1 NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"promised_on" date,
	"decided_at" timestamp with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "review_ref_unique" UNIQUE("ref")
);

CREATE TABLE "vote" (
	"id" uuid PRIMARY KEY NOT NULL,
	"review_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"person_id" uuid NOT NULL,
	"seat" text NOT NULL,
	"choice" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"cast_at" timestamp with time zone NOT NULL,
	"superseded_at" timestamp with time zone
);

CREATE TABLE "credential" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"label" text NOT NULL,
	"kid" text NOT NULL,
	"spki" "bytea" NOT NULL,
	"webauthn_id" "bytea",
	"rp_id" text,
	"origin" text,
	"aaguid" text,
	"backup_eligible" boolean,
	"enrolment_sha256" "bytea" NOT NULL,
	"enrolled_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoke_reason" text,
	CONSTRAINT "credential_kid_unique" UNIQUE("kid")
);

CREATE TABLE "portal_key" (
	"kid" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"alg" text NOT NULL,
	"spki" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);

CREATE TABLE "signature" (
	"id" uuid PRIMARY KEY NOT NULL,
	"statement_sha256" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"kid" text NOT NULL,
	"credential_id" uuid,
	"sig" "bytea" NOT NULL,
	"authenticator_data" "bytea",
	"client_data_json" "bytea",
	"log_entry_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "signature_logEntryId_unique" UNIQUE("log_entry_id"),
	CONSTRAINT "signature_once" UNIQUE("statement_sha256","kid")
);

CREATE TABLE "signing_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"purpose" text NOT NULL,
	"person_id" uuid NOT NULL,
	"payload" "bytea" NOT NULL,
	"context" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "signing_request_tokenHash_unique" UNIQUE("token_hash")
);

CREATE TABLE "statement_subject" (
	"statement_sha256" "bytea" NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "statement_subject_statement_sha256_name_digest_pk" PRIMARY KEY("statement_sha256","name","digest")
);

CREATE TABLE "statement" (
	"sha256" "bytea" PRIMARY KEY NOT NULL,
	"payload" "bytea" NOT NULL,
	"payload_type" text NOT NULL,
	"predicate_type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);

ALTER TABLE "adr_revision" ADD CONSTRAINT "adr_revision_adr_id_adr_id_fk" FOREIGN KEY ("adr_id") REFERENCES "public"."adr"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "adr" ADD CONSTRAINT "adr_business_unit_id_business_unit_id_fk" FOREIGN KEY ("business_unit_id") REFERENCES "public"."business_unit"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "adr" ADD CONSTRAINT "adr_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "adr" ADD CONSTRAINT "adr_author_id_person_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "pattern_adoption" ADD CONSTRAINT "pattern_adoption_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_version_id_model_version_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_evidence_sha256_evidence_file_sha256_fk" FOREIGN KEY ("evidence_sha256") REFERENCES "public"."evidence_file"("sha256") ON DELETE no action ON UPDATE no action;
ALTER TABLE "lineage_edge" ADD CONSTRAINT "lineage_edge_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "waiver" ADD CONSTRAINT "waiver_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_version_id_model_version_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "incident" ADD CONSTRAINT "incident_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "incident" ADD CONSTRAINT "incident_deployment_id_deployment_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployment"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model" ADD CONSTRAINT "model_business_unit_id_business_unit_id_fk" FOREIGN KEY ("business_unit_id") REFERENCES "public"."business_unit"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model" ADD CONSTRAINT "model_owner_id_person_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model" ADD CONSTRAINT "model_backup_owner_id_person_id_fk" FOREIGN KEY ("backup_owner_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model" ADD CONSTRAINT "model_use_case_id_use_case_id_fk" FOREIGN KEY ("use_case_id") REFERENCES "public"."use_case"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "model" ADD CONSTRAINT "model_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "risk_assessment" ADD CONSTRAINT "risk_assessment_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "sync_run" ADD CONSTRAINT "sync_run_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "use_case" ADD CONSTRAINT "use_case_business_unit_id_business_unit_id_fk" FOREIGN KEY ("business_unit_id") REFERENCES "public"."business_unit"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_person_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "person" ADD CONSTRAINT "person_business_unit_id_business_unit_id_fk" FOREIGN KEY ("business_unit_id") REFERENCES "public"."business_unit"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_business_unit_id_business_unit_id_fk" FOREIGN KEY ("business_unit_id") REFERENCES "public"."business_unit"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_person_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approval" ADD CONSTRAINT "approval_release_id_release_id_fk" FOREIGN KEY ("release_id") REFERENCES "public"."release"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approval" ADD CONSTRAINT "approval_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approval" ADD CONSTRAINT "approval_statement_sha256_statement_sha256_fk" FOREIGN KEY ("statement_sha256") REFERENCES "public"."statement"("sha256") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approval" ADD CONSTRAINT "approval_credential_id_credential_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credential"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "release" ADD CONSTRAINT "release_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "release" ADD CONSTRAINT "release_version_id_model_version_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "release" ADD CONSTRAINT "release_requested_by_person_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "release" ADD CONSTRAINT "release_statement_sha256_statement_sha256_fk" FOREIGN KEY ("statement_sha256") REFERENCES "public"."statement"("sha256") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review_comment" ADD CONSTRAINT "review_comment_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review_comment" ADD CONSTRAINT "review_comment_author_id_person_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "condition" ADD CONSTRAINT "condition_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "condition" ADD CONSTRAINT "condition_decision_id_review_decision_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."review_decision"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "condition" ADD CONSTRAINT "condition_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "condition" ADD CONSTRAINT "condition_owner_id_person_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "finding" ADD CONSTRAINT "finding_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "finding" ADD CONSTRAINT "finding_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "recusal" ADD CONSTRAINT "recusal_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "recusal" ADD CONSTRAINT "recusal_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review_decision" ADD CONSTRAINT "review_decision_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review" ADD CONSTRAINT "review_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review" ADD CONSTRAINT "review_adr_id_adr_id_fk" FOREIGN KEY ("adr_id") REFERENCES "public"."adr"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "review" ADD CONSTRAINT "review_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "vote" ADD CONSTRAINT "vote_review_id_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."review"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "vote" ADD CONSTRAINT "vote_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "credential" ADD CONSTRAINT "credential_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "signature" ADD CONSTRAINT "signature_statement_sha256_statement_sha256_fk" FOREIGN KEY ("statement_sha256") REFERENCES "public"."statement"("sha256") ON DELETE no action ON UPDATE no action;
ALTER TABLE "signature" ADD CONSTRAINT "signature_credential_id_credential_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credential"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "signing_request" ADD CONSTRAINT "signing_request_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "statement_subject" ADD CONSTRAINT "statement_subject_statement_sha256_statement_sha256_fk" FOREIGN KEY ("statement_sha256") REFERENCES "public"."statement"("sha256") ON DELETE no action ON UPDATE no action;
CREATE INDEX "adr_by_status" ON "adr" USING btree ("status","ref");
CREATE INDEX "adr_by_model" ON "adr" USING btree ("model_id");
CREATE INDEX "pattern_adoption_current" ON "pattern_adoption" USING btree ("model_id","ended_at");
CREATE INDEX "pattern_adoption_by_pattern" ON "pattern_adoption" USING btree ("pattern_id");
CREATE INDEX "assessment_by_model" ON "assessment" USING btree ("model_id","taken_at");
CREATE INDEX "attestation_current" ON "attestation" USING btree ("model_id","item_id","superseded_at");
CREATE INDEX "fact_current" ON "fact" USING btree ("subject_id","key","superseded_at");
CREATE INDEX "fact_history" ON "fact" USING btree ("subject_id","key","recorded_at");
CREATE INDEX "lineage_edge_to" ON "lineage_edge" USING btree ("to_kind","to_id");
CREATE INDEX "lineage_edge_model" ON "lineage_edge" USING btree ("model_id");
CREATE INDEX "waiver_by_model" ON "waiver" USING btree ("model_id","item_id");
CREATE INDEX "job_due" ON "job" USING btree ("state","run_at");
CREATE INDEX "log_entry_by_subject" ON "log_entry" USING btree ("subject_kind","subject_id","id");
CREATE INDEX "log_entry_by_model" ON "log_entry" USING btree ("model_id","id");
CREATE INDEX "log_entry_by_actor" ON "log_entry" USING btree ("actor_id","id");
CREATE INDEX "log_entry_by_name" ON "log_entry" USING btree ("name","id");
CREATE INDEX "log_entry_by_at" ON "log_entry" USING btree ("at","id");
CREATE INDEX "deployment_by_model" ON "deployment" USING btree ("model_id","since");
CREATE INDEX "deployment_by_since" ON "deployment" USING btree ("environment","since");
CREATE INDEX "incident_by_start" ON "incident" USING btree ("started_at");
CREATE INDEX "incident_by_model" ON "incident" USING btree ("model_id");
CREATE INDEX "model_version_latest" ON "model_version" USING btree ("model_id","registered_at");
CREATE INDEX "model_by_tier_name" ON "model" USING btree ("tier","name");
CREATE INDEX "model_by_unit" ON "model" USING btree ("business_unit_id","name");
CREATE INDEX "model_by_owner" ON "model" USING btree ("owner_id","name");
CREATE INDEX "model_by_stage" ON "model" USING btree ("stage","name");
CREATE INDEX "risk_assessment_by_model" ON "risk_assessment" USING btree ("model_id","answered_at");
CREATE INDEX "sync_run_by_connection" ON "sync_run" USING btree ("connection_id","started_at");
CREATE INDEX "session_by_user" ON "session" USING btree ("user_id");
CREATE INDEX "approval_by_release" ON "approval" USING btree ("release_id");
CREATE INDEX "approval_by_person" ON "approval" USING btree ("person_id","signed_at");
CREATE UNIQUE INDEX "approval_once" ON "approval" USING btree ("release_id","person_id") WHERE revoked_at is null;
CREATE INDEX "gate_check_by_model" ON "gate_check" USING btree ("model_id","asked_at");
CREATE INDEX "gate_check_by_release" ON "gate_check" USING btree ("release_id","asked_at");
CREATE INDEX "release_by_model" ON "release" USING btree ("model_id","requested_at");
CREATE INDEX "release_by_status" ON "release" USING btree ("status","requested_at");
CREATE UNIQUE INDEX "release_open_once" ON "release" USING btree ("model_id","version_id","environment") WHERE status in ('open', 'allowed');
CREATE INDEX "review_comment_by_review" ON "review_comment" USING btree ("review_id","created_at");
CREATE INDEX "condition_by_model" ON "condition" USING btree ("model_id","status");
CREATE INDEX "condition_by_owner" ON "condition" USING btree ("owner_id","status","due_on");
CREATE INDEX "finding_by_review" ON "finding" USING btree ("review_id");
CREATE INDEX "finding_by_model" ON "finding" USING btree ("model_id","status");
CREATE INDEX "review_by_status" ON "review" USING btree ("status","promised_on");
CREATE INDEX "review_by_model" ON "review" USING btree ("model_id");
CREATE INDEX "review_by_decided" ON "review" USING btree ("decided_at");
CREATE UNIQUE INDEX "vote_current_once" ON "vote" USING btree ("review_id","round","person_id") WHERE superseded_at is null;
CREATE INDEX "vote_by_review" ON "vote" USING btree ("review_id");
CREATE INDEX "credential_by_person" ON "credential" USING btree ("person_id");
CREATE INDEX "signature_by_kid" ON "signature" USING btree ("kid");
CREATE INDEX "statement_subject_by_digest" ON "statement_subject" USING btree ("digest");