using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

/// <summary>The rules of contacts (图 4-2, 5-2), and contacts as the exchange has them.</summary>
public static partial class ContactRules
{
    /// <summary>Checks a contact.</summary>
    /// <param name="rules">Takes the problems.</param>
    /// <param name="at">The field that holds it.</param>
    /// <param name="given">The contact; null where there is none.</param>
    /// <param name="complete">Whether everything required must be there.</param>
    public static void Check(FieldRules rules, string at, Contact? given, bool complete)
    {
        var contact = given ?? new Contact();
        rules.Text($"{at}.department", contact.Department, 200, complete);
        rules.Text($"{at}.name", contact.Name, 100, complete);
        rules.Text($"{at}.position", contact.Position, 100, complete);

        var phone = contact.Phone ?? new PhoneNumber();
        Matches(rules, $"{at}.phone.country_code", phone.CountryCode, CountryCode(), complete, "应为 1 至 3 位数字，不带加号。", "Must be 1 to 3 digits without a plus sign.");
        Matches(rules, $"{at}.phone.area_code", phone.AreaCode, AreaCode(), false, "应为至多 6 位数字。", "Must be at most 6 digits.");
        Matches(rules, $"{at}.phone.number", phone.Number, Number(), complete, "应为 3 至 14 位数字。", "Must be 3 to 14 digits.");
        if (rules.Text($"{at}.email", contact.Email, 254, complete))
            Matches(rules, $"{at}.email", contact.Email, Email(), false, "应为电子邮箱地址。", "Must be an e-mail address.");
    }

    /// <summary>A contact that was checked, as it goes to Customs.</summary>
    public static ContactPerson ToPerson(this Contact contact) => new(
        contact.Department, contact.Name, contact.Position,
        contact.Phone.CountryCode, contact.Phone.AreaCode, string.Concat(contact.Phone.Number.Where(char.IsAsciiDigit)), contact.Email);

    /// <summary>A contact as it came from Customs.</summary>
    public static Contact ToContact(this ContactPerson person) => new()
    {
        Department = person.Department,
        Name = person.Name,
        Position = person.Position,
        Phone = new PhoneNumber
        {
            CountryCode = person.PhoneCountryCode,
            AreaCode = person.PhoneAreaCode,
            Number = person.PhoneNumber,
        },
        Email = person.Email,
    };

    private static void Matches(FieldRules rules, string field, string value, Regex form, bool required, string zh, string en)
    {
        if (value.Length == 0)
        {
            if (required)
                rules.Required(field, false);
        }
        else if (!form.IsMatch(value))
        {
            rules.Add(field, FieldProblemCode.Malformed, zh, en);
        }
    }

    [GeneratedRegex(@"^[1-9][0-9]{0,2}\z")]
    private static partial Regex CountryCode();

    [GeneratedRegex(@"^[0-9]{1,6}\z")]
    private static partial Regex AreaCode();

    [GeneratedRegex(@"^[0-9](?:[ -]?[0-9]){2,13}\z")]
    private static partial Regex Number();

    // RFC 5321's dot-string and domain, without quoted names and address literals; international letters are let through.
    [GeneratedRegex(@"^[^\s@""(),:;<>\[\]\\.]+(?:\.[^\s@""(),:;<>\[\]\\.]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\z")]
    private static partial Regex Email();
}
