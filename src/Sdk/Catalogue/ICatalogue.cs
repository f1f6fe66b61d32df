namespace SingleWindowBridge;

/// <summary>The codes of the contract and their names in Chinese and English, and the calling account.</summary>
public interface ICatalogue
{
    /// <summary>Gives the calling account with its country, name and scope.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<Authority> GetAuthorityAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the food categories and their specific products, in the order of the Single Window's form.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<Category>> ListCategoriesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the countries and regions of ISO 3166-1, by code.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<Country>> ListCountriesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the values of the contract's enums with the names that the server gives them: values newer than this
    /// library too. For those that it knows, <see cref="EnumNames"/> needs no call.</summary>
    /// <param name="enumName">Only this enum's values, such as "Stage"; null for all.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The contract has no such enum.</exception>
    Task<IReadOnlyList<EnumValue>> ListEnumValuesAsync(string? enumName = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the questionnaire templates in all their versions, by id and version.</summary>
    /// <param name="templateId">Only the versions of this template; null for all.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<TemplateSummary>> ListTemplatesAsync(
        string? templateId = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a questionnaire's questions before a case has got it.</summary>
    /// <param name="templateId">The template's id, from <see cref="Product.TemplateId"/>.</param>
    /// <param name="version">The version; 0 for the newest.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="TemplateNotFoundException">There is no such template, or not in this version.</exception>
    Task<QuestionnaireTemplate> GetTemplateAsync(
        string templateId, int version = 0, CancellationToken cancellationToken = default);
}
