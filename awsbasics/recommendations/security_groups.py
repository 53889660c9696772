"""R10: each application has its security group, owned by its stack."""

from awsbasics.recommendations.base import Check, Recommendation
from awsbasics.recommendations.evidence.group_owners import groups_and_applications, groups_by_code
from awsbasics.recommendations.evidence.open_groups import open_to_the_world
from awsbasics.recommendations.evidence.rules_by_address import by_group_reference
from awsbasics.recommendations.evidence.template_rules import live_rules_equal_templates
from awsbasics.recommendations.evidence.unused_groups import USE_TABLES, unused_groups

SHARED_FIX = """\
1. Give each application a group of its own, in its stack:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: billing
      VpcId: !Ref VpcId
2. Let applications reach each other by reference to the other's group, not by sharing one:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt LedgerGroup.GroupId
      SourceSecurityGroupId: !GetAtt BillingGroup.GroupId
      IpProtocol: tcp
      FromPort: 443
      ToPort: 443
3. Move the interfaces to the new groups, one application at a time, then empty the old one.
4. Take all rules off default groups: whatever is attached to one by mistake is then cut off.
To verify: `aws ec2 describe-network-interfaces --filters Name=group-id,Values=GROUP` lists the
interfaces of one application, and of none for a default group."""

CODE_FIX = """\
1. Find out which application uses the group: the evidence counts its interfaces.
2. Bring it into that application's stack. CloudFormation can adopt what exists: in the console
open the stack, Stack actions, Import resources into stack, with the group in the template.
3. Delete groups that nothing uses:
    aws ec2 delete-security-group --group-id GROUP
To verify:
    aws cloudformation describe-stack-resources --physical-resource-id GROUP
It names the stack."""

BY_HAND_FIX = """\
1. Find out who added the rule, and whether anything needs it:
    aws cloudtrail lookup-events \\
        --lookup-attributes AttributeKey=ResourceName,AttributeValue=GROUP
2. If it is needed, write it into the template of the stack that owns the group, or of the
application that comes in by it, and remove the one made by hand before you deploy:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt LedgerGroup.GroupId, IpProtocol: tcp, FromPort: 443,
      ToPort: 443, SourceSecurityGroupId: !GetAtt BillingGroup.GroupId}
3. If not, remove it:
    aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
4. A rule that is missing comes back when the stack's rules are deployed again.
To verify:
    aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP
It lists the rules of the template, and the outbound ones that EC2 adds where it names none."""

OPEN_FIX = """\
1. Find out who comes in by the rule: the flow logs of the VPC name the addresses.
2. Replace it. For administration, use Session Manager or EC2 Instance Connect Endpoint, which need
no inbound rule. For applications, refer to the group of whoever connects.
3. Remove the rule, in the stack if one owns it, otherwise:
    aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
To verify:
    aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP
No inbound rule for the port has 0.0.0.0/0, ::/0 or a range of like width."""

BY_ADDRESS_FIX = """\
1. Add a rule that refers to the group of the application that connects, in the stack:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt LedgerGroup.GroupId, IpProtocol: tcp, FromPort: 443,
      ToPort: 443, SourceSecurityGroupId: !GetAtt BillingGroup.GroupId}
2. See in the flow logs that nothing else comes in by the range, then remove its rule:
    aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
To verify:
    aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP
Rules for other applications show a ReferencedGroupInfo."""

UNUSED_FIX = """\
1. Make sure that nothing uses the group: services that the kit does not look at may name it.
    aws ec2 describe-network-interfaces --filters Name=group-id,Values=GROUP
2. Delete it, in the stack that owns it or by
    aws ec2 delete-security-group --group-id GROUP
EC2 refuses while an interface has it or a rule refers to it.
To verify:
    aws ec2 describe-security-groups --filters Name=group-id,Values=GROUP
It lists nothing."""

RECOMMENDATION = Recommendation(
    id="R10",
    prefix="SG",
    slug="security_groups",
    title="Give each application its security group",
    summary=(
        "Each application has a group of its own. The groups, and the rules between them, live in"
        " the application's stack."
    ),
    checks=(
        Check(
            id="SG.1",
            title="Each application has its own security group, and default groups are not used",
            severity="medium",
            tables=(
                "ec2_security_groups",
                "ec2_security_group_rules",
                "ec2_network_interfaces",
                "ec2_instances",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            absence=("cloudformation_stacks", "cloudformation_stack_resources"),
            run=groups_and_applications,
            remediation=SHARED_FIX,
        ),
        Check(
            id="SG.2",
            title="Security groups belong to stacks",
            severity="medium",
            tables=(
                "ec2_security_groups",
                "ec2_security_group_rules",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            absence=("cloudformation_stacks", "cloudformation_stack_resources"),
            run=groups_by_code,
            remediation=CODE_FIX,
        ),
        Check(
            id="SG.3",
            title="Live rules equal the templates'",
            severity="high",
            tables=(
                "ec2_security_groups",
                "ec2_security_group_rules",
                "ec2_prefix_lists",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
                "cloudformation_templates",
            ),
            absence=(
                "ec2_security_group_rules",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            run=live_rules_equal_templates,
            remediation=BY_HAND_FIX,
        ),
        Check(
            id="SG.4",
            title="Nothing but web ports is open to the whole Internet",
            severity="critical",
            tables=("ec2_security_groups", "ec2_security_group_rules", "ec2_prefix_lists"),
            absence=(),
            run=open_to_the_world,
            remediation=OPEN_FIX,
        ),
        Check(
            id="SG.5",
            title="Applications reach each other by group, not by address",
            severity="low",
            tables=(
                "ec2_security_groups",
                "ec2_security_group_rules",
                "ec2_network_interfaces",
                "ec2_instances",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            absence=(),
            run=by_group_reference,
            remediation=BY_ADDRESS_FIX,
        ),
        Check(
            id="SG.6",
            title="No security group is unused",
            severity="low",
            tables=USE_TABLES,
            run=unused_groups,
            remediation=UNUSED_FIX,
        ),
    ),
)
